"""A run that may still go on, as a reader of its folder sees it: where it stands, and its page."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any, Literal

from ebmbench.api.finished import Run
from ebmbench.api.progress.words import counted, seeds_of
from ebmbench.api.tuning import stage_at_work
from ebmbench.errors import ConfigError
from ebmbench.journal.claims import BlockAtWork
from ebmbench.journal.documents import RunDocument
from ebmbench.journal.journal import Journal
from ebmbench.plan.file_names import readable
from ebmbench.report.numbers import span
from ebmbench.suite.shown_value import shown_value

SHARE = 0.1  # of the time: what making pages takes from a machine that trains, at most

State = Literal["going on", "ended", "stopped", "killed", "not begun"]


@dataclass(frozen=True)
class Look:
    """What the folder of a run says at a moment.

    Attributes:
        journal, document: of the run.
        there: the ids of its cells that have a record.
        at_work: its blocks that a command is at.
        commands: how many are at work.
        left_behind: whether a command was killed there.
        stage: of a search, which this is before the run itself is there; "" otherwise.
    """

    journal: Journal
    document: RunDocument
    there: frozenset[str]
    at_work: tuple[BlockAtWork, ...]
    commands: int
    left_behind: bool
    stage: str = ""

    @property
    def state(self) -> State:
        """Whether it goes on, and what became of it if not."""
        if self.commands:
            return "going on"
        if len(self.there) == len(self.document.cells):
            return "ended"
        if self.left_behind:
            return "killed"
        return "stopped" if self.there else "not begun"

    @property
    def share(self) -> float:
        """How much is done, 0 to 1; each cell counts alike."""
        begun = {
            cell: block.epoch / max(block.epochs, 1)
            for block in self.at_work
            for cell in block.cells
        }
        done = sum(1.0 if c in self.there else begun.get(c, 0.0) for c in self.document.cells)
        return done / max(len(self.document.cells), 1)

    @cached_property
    def sentence(self) -> str:
        """Where it stands, in words."""
        have, of = len(self.there), counted(len(self.document.cells), "cell")
        what = f"Search ({self.stage}): " if self.stage else ""
        told = {
            "going on": f"going on: {have} of {of} have ended",
            "ended": f"ended: {of} {'has' if len(self.document.cells) == 1 else 'have'} a result",
            "stopped": f"stopped: {have} of {of} have ended, and no command is at work on it",
            "killed": f"killed: {have} of {of} have ended, and what was at work is gone",
            "not begun": "no command is at work on it, and no cell has ended",
        }[self.state]
        more = "" if self.state in ("going on", "ended") else ". The same command goes on from here"
        return f"{what}{told if what else told[0].upper() + told[1:]}{more}."

    def blocks(self) -> Iterator[dict[str, Any]]:
        """What is at work, a line each, those that wait for a worker left out."""
        names = _names(self.document)
        for block in self.at_work:
            if block.seconds is None:
                continue
            dataset, method = names.get(block.cells[0].rpartition("--s")[0], ("", block.cells[0]))
            rest, done = block.epochs - block.epoch, block.epoch - block.began
            left = span(block.seconds * rest / done) if done > 0 else ""
            yield {
                "name": f"{method} on {dataset}" if len(self.document.datasets) > 1 else method,
                "seeds": seeds_of(sorted(_seed(cell) for cell in block.cells)),
                "epoch": block.epoch,
                "epochs": block.epochs,
                "unit": "second" if _in_seconds(self.document) else "epoch",
                "value": block.value,
                "trend": [list(point) for point in block.trend],
                "measuring": block.measuring,
                "left": left,
            }

    @cached_property
    def version(self) -> str:
        """Changes when there is more for the page: a record, or another question."""
        told = sha256()
        for file in (self.journal.folder / "run.json", *self._records()):
            with suppress(OSError):
                at = file.stat()
                told.update(f"{file.name} {at.st_mtime_ns} {at.st_size}\n".encode())
        return told.hexdigest()[:16]

    def _records(self) -> Iterable[Path]:
        return (self.journal.cells / f"{id_}.json" for id_ in sorted(self.there))


class Following:
    """Follows a run by its folder alone, from any process.

    Args:
        name: the run's folder, or its suite's name.
        runs: where runs are kept.

    Raises:
        ConfigError: there is no such run, or its description cannot be read.
    """

    def __init__(self, name: Path, runs: Path) -> None:
        self._name, self._runs = name, runs
        self._making = Lock()
        self._made: tuple[str, str] = ("", "")
        self._not_before = 0.0
        self.look()

    @property
    def folder(self) -> Path:
        """Of the run."""
        return self._journal()[0].folder

    def look(self) -> Look:
        """Where it stands."""
        journal, stage = self._journal()
        document = journal.read_run()
        planned = set(document.cells)
        owners = journal.claims.owners()
        blocks = (block for owner in owners for block in owner.blocks)
        at_work = tuple(block for block in blocks if planned & set(block.cells))
        left_behind = not owners and journal.claims.are_left_behind
        there = frozenset(planned & _ids(journal))
        return Look(journal, document, there, at_work, len(owners), left_behind, stage)

    def state(self) -> dict[str, Any]:
        """Where it stands, as plain data: what the page asks for every few seconds."""
        look = self.look()
        return {
            "page": self._shown(look),
            "state": look.state,
            "sentence": look.sentence,
            "share": look.share,
            "blocks": list(look.blocks()),
            "target": _shown(look),
        }

    def page(self) -> str:
        """The page of what is there; made anew where there is more than on the last."""
        with self._making:
            look = self.look()
            if self._shown(look) != self._made[0]:
                began = monotonic()
                self._made = look.version, _page(look)
                self._not_before = monotonic() + (monotonic() - began) / SHARE
            return self._made[1]

    def _shown(self, look: Look) -> str:
        """What a page shows that is asked for now: what the last did for a while, if it goes on.

        Pages of large runs take seconds, and a run that goes on needs the machine.
        """
        kept = self._made[0] and look.state == "going on" and monotonic() < self._not_before
        return self._made[0] if kept else look.version

    def _journal(self) -> tuple[Journal, str]:
        """The run's journal; before it has one, that of the search, with its stage's name."""
        try:
            return Journal.open(self._name, self._runs), ""
        except ConfigError:
            found = stage_at_work(self._name, self._runs)
            if found is None:
                raise
            return found, found.folder.name


def _page(look: Look) -> str:
    from ebmbench.report import followed_page

    run = Run(look.journal, look.document)
    return followed_page(run.summary, run.records, look.journal.pictures, look.version)


def _ids(journal: Journal) -> set[str]:
    with suppress(FileNotFoundError), os.scandir(journal.cells) as files:
        return {each.name.removesuffix(".json") for each in files if each.name.endswith(".json")}
    return set()


def _names(document: RunDocument) -> Mapping[str, tuple[str, str]]:
    """Dataset and method, by how ids begin."""
    return {
        f"{readable(dataset)}--{readable(method)}": (dataset, method)
        for dataset in document.datasets
        for method in document.methods
    }


def _seed(cell: str) -> int:
    return int(cell.rpartition("--s")[2].partition("--")[0])


def _in_seconds(document: RunDocument) -> bool:
    return document.until is not None and document.until.seconds is not None


def _shown(look: Look) -> str | None:
    """The value that is shown; a search shows what it looks for, which only a target tells here."""
    report, metrics, tuning = look.document.report, look.document.metrics, look.document.tuning
    better = {} if look.stage else {metric: about.better for metric, about in metrics.items()}
    return shown_value(report, better, tuning.spec.metric if tuning else None)
