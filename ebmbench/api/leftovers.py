"""What lies in a run's folder and is needed by nothing that was asked for there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ebmbench.errors import ConfigError, Problem
from ebmbench.journal.checkpoints import Checkpoint
from ebmbench.journal.journal import PARTS, Journal
from ebmbench.plan.cell import Cell

SUFFIXES = (".parameters.safetensors", ".safetensors", ".json")  # of a cell's files


class Leftover(NamedTuple):
    """A file that may go.

    Attributes:
        kind: what it is, such as "records of cells that no run here asks for".
        size: bytes.
    """

    file: Path
    kind: str
    size: int


def leftovers(journal: Journal) -> list[Leftover]:
    """All of them. What was kept aside as unreadable stays.

    Raises:
        ConfigError: a command is at work there, or what was asked for cannot be read.
    """
    if owners := journal.claims.owners():
        who = f"process {owners[0].process} on {owners[0].host} is at work on it"
        raise ConfigError(Problem(str(journal.folder), "", who, "Wait, or end it first."))
    needed = {id_ for each in _all_of(journal) for id_ in each.read_run().cells}
    found = (*_of_cells(journal, needed), *_inputs(journal, needed), *_checkpoints(journal, needed))
    temporary = ((file, "files that were not written to their end") for file in _rests(journal))
    sizes = ((file, kind, _size(file)) for file, kind in (*found, *temporary))
    return [Leftover(*each) for each in sizes]


def _size(file: Path) -> int:
    """Bytes; of a link, its own."""
    try:
        return file.lstat().st_size
    except FileNotFoundError:  # gone meanwhile
        return 0


def _all_of(journal: Journal) -> Iterator[Journal]:
    """The journal, and those of its parts."""
    yield journal
    for described in sorted((journal.folder / PARTS).glob("*/run.json")):
        yield Journal(described.parent)


def _of_cells(journal: Journal, needed: set[str]) -> Iterator[tuple[Path, str]]:
    for file in sorted(journal.cells.glob("*")):
        id_ = next((file.name.removesuffix(s) for s in SUFFIXES if file.name.endswith(s)), None)
        if id_ is None:
            continue
        if id_ not in needed:
            yield file, "files of cells that no run here asks for"
        elif not journal.has(id_):
            yield file, "pictures and parameters of cells without a record"


def _inputs(journal: Journal, needed: set[str]) -> Iterator[tuple[Path, str]]:
    digests = {Cell.digest_of(id_) for id_ in needed}
    for file in sorted((journal.cells.parent / "inputs").glob("*.json")):
        if file.stem not in digests:
            yield file, "what such cells depended on"


def _checkpoints(journal: Journal, needed: set[str]) -> Iterator[tuple[Path, str]]:
    for found in journal.checkpoints:
        if isinstance(found, Checkpoint):
            of_use = needed >= set(found.cells) and not any(map(journal.has, found.cells))
            if not of_use:
                yield found.file, "checkpoints that nothing goes on from"


def _rests(journal: Journal) -> Iterator[Path]:
    whole = journal.cells.parent
    for folder in (whole, journal.cells, journal.claims.folder, journal.checkpoints.folder):
        yield from sorted(folder.glob(".*.tmp"))
    yield from sorted(journal.claims.folder.glob("*.claim"))
    yield from sorted(journal.claims.folder.glob("*.owner"))
