"""Where a run stands: what is done, what is at work, in whatever process, and what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

from ebmbench.journal.checkpoints import Checkpoint
from ebmbench.journal.claims import BlockAtWork, Owner
from ebmbench.journal.index import Entry
from ebmbench.journal.journal import Journal
from ebmbench.plan.cell import Cell
from ebmbench.plan.file_names import readable

FATES = (
    *("done", "running", "waiting", "diverged", "failed", "unmeasured"),
    *("unreadable", "interrupted", "stale", "missing"),
)
"""What a cell may be: with a record, at work or waiting for a worker, with a checkpoint, with a
record of other inputs."""

NO_TRIALS: Mapping[str, str] = {}


@dataclass
class Standing:
    """Where the cells of a method on a dataset stand.

    Attributes:
        cells: how many are what, of FATES.
        epoch, epochs, value, left: of the block at work that is the least far: epochs done and to
            do (seconds of training, where these end it), the newest mean of the target metric, and
            seconds left.
    """

    dataset: str
    method: str
    cells: Counter[str] = field(default_factory=Counter)
    epoch: int | None = None
    epochs: int | None = None
    value: float | None = None
    left: float | None = None

    def see(self, block: BlockAtWork) -> None:
        """Note a block at work."""
        if block.seconds is None:
            return
        if self.epoch is None or block.epoch < self.epoch:
            self.epoch, self.epochs, self.value = block.epoch, block.epochs, block.value
            rest = block.epochs - block.epoch
            done = block.epoch - block.began
            self.left = block.seconds * rest / done if done else None


@dataclass
class Status:
    """Where a run stands.

    Attributes:
        run: its folder.
        rows: by dataset and method.
        owners: the commands that are at work on it.
        reasons: why cells that have a result need another -> how many; where it was asked for.
        search: where the newest round of its search stands; None where nothing is searched.
        trials: of a search: how many have ended, and how many there are.
    """

    run: str
    rows: list[Standing]
    owners: list[Owner]
    reasons: Mapping[str, int] = field(default_factory=dict)
    search: Status | None = None
    trials: tuple[int, int] = (0, 0)

    @property
    def commands(self) -> list[Owner]:
        """All that are at work, on its search too."""
        return [*self.owners, *(self.search.owners if self.search else ())]

    @cached_property
    def totals(self) -> Counter[str]:
        """How many cells are what."""
        return sum((row.cells for row in self.rows), Counter())

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to run."""
        left = ("running", "waiting", "unreadable", "interrupted", "stale", "missing")
        is_begun = self.search is None or bool(self.rows)
        return is_begun and not any(self.totals[fate] for fate in left)

    def as_json(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "run": self.run,
            "complete": self.is_complete,
            "cells": {fate: self.totals[fate] for fate in FATES},
            "methods": [
                {**asdict(row), "cells": {fate: row.cells[fate] for fate in FATES}}
                for row in self.rows
            ],
            "commands": [owner.model_dump(mode="json") for owner in self.commands],
            "reasons": dict(self.reasons),
            **({"search": self.search._search_as_json()} if self.search else {}),
        }

    def _search_as_json(self) -> dict[str, Any]:
        ended, of = self.trials
        whole = self.as_json()
        kept = ("complete", "cells", "methods")
        return {"round": self.run, "ended": ended, "of": of, **{key: whole[key] for key in kept}}


def status_of(
    journal: Journal,
    cells: Iterable[str],
    names: Iterable[tuple[str, str]],
    reasons: Mapping[str, int] | None = None,
    of: Mapping[str, str] = NO_TRIALS,
) -> Status:
    """Where some cells of a journal stand.

    Args:
        cells: their ids.
        names: of all datasets and methods that they may be of.
        reasons: why some need another result.
        of: trial -> the method that it is of, which has one row for all of them.
    """
    standings, rows = dict[tuple[str, str], Standing](), dict[str, Standing]()
    for dataset, method in names:
        key = dataset, of.get(method, method)
        mine = standings.setdefault(key, Standing(*key))
        rows[f"{readable(dataset)}--{readable(method)}"] = mine
    owners = journal.claims.owners()
    at_work = {cell: block for owner in owners for block in owner.blocks for cell in block.cells}
    begun = {
        cell
        for found in journal.checkpoints
        if isinstance(found, Checkpoint)
        for cell in found.cells
    }
    there = journal.ids()
    others = {Cell.name_of(id_) for id_ in there}
    known = journal.index.entries()
    left = Counter[str]()  # cells of a trial that have not ended
    for cell in cells:
        trial = Cell.name_of(cell).rpartition("--s")[0]
        left[trial] += cell not in there
        row = rows.get(Cell.name_of(cell).rpartition("--s")[0])
        if row is None:
            continue
        if cell in at_work:
            row.see(at_work[cell])
        row.cells[_fate(cell, known, there, at_work, begun, others)] += 1
    found = [row for row in standings.values() if row.cells]
    trials = (sum(count == 0 for count in left.values()), len(left)) if of else (0, 0)
    return Status(str(journal.folder), found, owners, reasons or {}, trials=trials)


def status_of_search(stage: Journal) -> Status:
    """Where a round of a search stands, a row per method.

    Raises:
        ConfigError: its description cannot be read.
    """
    document = stage.read_run()
    variants = document.variants["methods"]
    of = {name: variants[name].origin for name in document.methods if name in variants}
    names = product(document.datasets, document.methods)
    return status_of(stage, document.cells, names, of=of)


def _fate(
    cell: str,
    known: Mapping[str, Entry],
    there: set[str],
    at_work: Mapping[str, BlockAtWork],
    begun: set[str],
    others: set[str],
) -> str:
    if cell in at_work:
        return "waiting" if at_work[cell].seconds is None else "running"
    if cell in known:
        return known[cell].fate
    if cell in there:
        return "unreadable"
    if cell in begun:
        return "interrupted"
    return "stale" if Cell.name_of(cell) in others else "missing"
