"""The journal of a run: one immutable JSON record per cell, written atomically."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from ebmbench.errors import ConfigError, Problem, leave_out
from ebmbench.journal.arrays import read_arrays, write_arrays
from ebmbench.journal.checkpoints import Checkpoints
from ebmbench.journal.claims import Claims
from ebmbench.journal.documents import CellRecord, RunDocument
from ebmbench.journal.index import Index
from ebmbench.journal.membership import why_foreign
from ebmbench.journal.stored import (
    UnreadableError,
    read_document,
    read_record,
    unreadable,
    write_document,
)
from ebmbench.journal.whole_file import write_bytes
from ebmbench.plan.file_names import file_name
from ebmbench.plan.inputs import Inputs

if TYPE_CHECKING:
    from torch import Tensor

    from ebmbench.journal.pictures import Pictures

PARTS = "parts"


class Journal:
    """The folder ``runs/<suite>``: ``cells/`` (records, arrays), ``run.json`` and ``report/``.

    Beside them ``inputs/``, what the cells' results depend on; ``checkpoints/``, where trainings
    stand that were interrupted; ``claims/``, who is at work on what; ``index.sqlite``, the records
    in short; and ``parts/<what was asked>``, the ``run.json`` and ``report/`` of runs that asked
    for less, whose cells are those of the whole.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.whole = _whole_of(folder) or folder
        self.cells = self.whole / "cells"
        self._inputs = self.whole / "inputs"
        self.checkpoints = Checkpoints(self.whole)
        self.claims = Claims(self.whole)
        self.index = Index(self.cells)
        self.report = folder / "report"

    @property
    def runs(self) -> Path:
        """The folder in which this run and others lie."""
        return self.cells.resolve().parents[1]

    @property
    def is_described(self) -> bool:
        """Whether it says what was asked for."""
        return (self.folder / "run.json").is_file()

    @classmethod
    def open(cls, name: Path, runs: Path) -> Journal:
        """The journal of a run named by its folder or by its suite's name.

        Raises:
            ConfigError: there is no such run.
        """
        for folder in (name, runs / name):
            if (folder / "run.json").is_file():
                return cls(folder)
            if (folder / "cells").is_dir():
                problem, remedy = "it has records, and no run.json", "Run its suite again."
                more = " What is finished is not trained again."
                raise ConfigError(Problem(str(folder), "", problem, remedy + more))
        known = sorted(file.parent.name for file in runs.glob("*/run.json"))
        remedy = f"There are: {', '.join(known)}." if known else "Run a suite first: ebmbench run."
        raise ConfigError(Problem(str(name), "", "no such run", remedy))

    def of(self, run: RunDocument) -> Journal:
        """Where a run is described and reported: among the parts, if there is more here already.

        So a smaller question, as by ``--only``, never replaces the report of a larger one.
        """
        if not run.narrowed or not self._holds_more(run):
            return self
        return Journal(self.folder / PARTS / file_name(*run.narrowed))

    def _holds_more(self, run: RunDocument) -> bool:
        """Whether the run described here is the whole suite's, or has more cells."""
        try:
            there = self.read_run()
        except (ConfigError, FileNotFoundError):  # none, or none that can be read
            return False
        return not there.narrowed or len(there.cells) > len(run.cells)

    def write(self, record: CellRecord) -> None:
        """Store a cell's record."""
        write_document(self._record(record.id), record)

    def write_run(self, run: RunDocument) -> None:
        """Store what the run was asked to do.

        What is there and cannot be read is moved aside, so that nothing is lost.

        Warns:
            LeftOutWarning: a description was moved aside.
        """
        try:
            self.read_run()
        except FileNotFoundError:
            pass
        except UnreadableError as error:
            aside = _moved_aside(self.folder / "run.json")
            remedy = f"It is kept as {aside.name}, and the run is described anew."
            leave_out(error.problem._replace(remedy=remedy))
        write_document(self.folder / "run.json", run)

    def read_run(self) -> RunDocument:
        """What the run was asked to do.

        Raises:
            ConfigError: it cannot be read.
        """
        return read_document(RunDocument, self.folder / "run.json")

    def read(self, ids: Iterable[str]) -> list[CellRecord]:
        """The records of these cells, in this order; those not there are left out.

        Warns:
            LeftOutWarning: a record cannot be read, and is left out too.
        """
        return [record for id_ in ids for record in self._readable(id_)]

    def read_cells(self, run: RunDocument) -> list[CellRecord]:
        """The records of the run's cells, in their order; those not there are left out.

        Warns:
            LeftOutWarning: a record cannot be read, or is not of this run, and is left out too.
        """
        kept: dict[tuple[str, str, int], CellRecord] = {}
        for record in self.read(run.cells):
            why = why_foreign(record, run, kept)
            if why:
                leave_out(unreadable(self._record(record.id), why).problem)
            else:
                kept[record.dataset, record.method, record.seed] = record
        return list(kept.values())

    def ids(self) -> set[str]:
        """The ids of all cells that have a record, of this run or of others of its name."""
        return {file.stem for file in self.cells.glob("*.json")}

    def has(self, id_: str) -> bool:
        """Whether a cell has a record, which may not be readable."""
        return self._record(id_).is_file()

    def write_inputs(self, digest: str, inputs: Inputs) -> None:
        """Store what results depend on, by the part of their ids that tells it."""
        file = self._inputs / f"{digest}.json"
        if not file.exists():
            write_bytes(file, json.dumps(inputs, indent=1).encode())

    def inputs(self, digest: str) -> Inputs | None:
        """What the results with this digest depend on; None where that is not there to be read."""
        with suppress(OSError, ValueError, RecursionError):
            found = json.loads((self._inputs / f"{digest}.json").read_text(encoding="utf-8"))
            return found if isinstance(found, dict) else None
        return None

    def record_of(self, id_: str, dataset: str, method: str, seed: int) -> CellRecord | None:
        """The record of a cell that is to be run; None where there is none.

        One that cannot be read, or is another cell's, is moved aside, so that the cell's own can
        take its place and nothing is lost.

        Warns:
            LeftOutWarning: a record was moved aside.
        """
        file = self._record(id_)
        try:
            record = read_record(file)
            if record and (record.dataset, record.method, record.seed) != (dataset, method, seed):
                whose = f"{record.method} on {record.dataset}, seed {record.seed}"
                raise unreadable(file, f"the record of another cell, {whose}")
        except UnreadableError as error:
            remedy = f"It is kept as {_moved_aside(file).name}, and the cell runs again."
            leave_out(error.problem._replace(remedy=remedy))
            return None
        return record

    def write_pictures(self, id_: str, pictures: Pictures) -> None:
        """Store a cell's pictures, before its record: what a record speaks of is there."""
        write_arrays(self._pictures(id_), pictures.arrays, id_)

    def pictures(self, id_: str) -> dict[str, Tensor]:
        """The arrays of a cell's pictures, ``name@epoch/part`` -> array; none where none are.

        Warns:
            LeftOutWarning: they cannot be read, and are left out.
        """
        try:
            return read_arrays(self._pictures(id_), id_)
        except UnreadableError as error:
            leave_out(error.problem)
            return {}

    def write_parameters(self, id_: str, parameters: dict[str, Tensor]) -> None:
        """Store a cell's final parameters, before its record."""
        write_arrays(self._parameters(id_), parameters, id_)

    def drop_parameters(self, id_: str) -> None:
        """Remove a cell's parameters, those of an earlier training, where there are any."""
        self._parameters(id_).unlink(missing_ok=True)

    def has_parameters(self, id_: str) -> bool:
        """Whether there are final parameters of a cell."""
        return self._parameters(id_).is_file()

    def parameters(self, id_: str) -> dict[str, Tensor]:
        """A cell's final parameters by name, one replica's; none where they were not kept.

        Raises:
            ConfigError: they cannot be read.
        """
        return read_arrays(self._parameters(id_), id_)

    def _readable(self, id_: str) -> Iterator[CellRecord]:
        """The record of a cell, if it is there and can be read."""
        try:
            record = read_record(self._record(id_))
        except UnreadableError as error:
            leave_out(error.problem)
        else:
            if record is not None:
                yield record

    def _record(self, id_: str) -> Path:
        return self.cells / f"{id_}.json"

    def _pictures(self, id_: str) -> Path:
        return self.cells / f"{id_}.safetensors"

    def _parameters(self, id_: str) -> Path:
        return self.cells / f"{id_}.parameters.safetensors"


def _whole_of(folder: Path) -> Path | None:
    """The folder of the run that a folder is a part of; None where it is a run by itself."""
    parts = folder.resolve().parent
    is_part = parts.name == PARTS and (parts.parent / "run.json").is_file()
    return parts.parent if is_part else None


def _moved_aside(file: Path) -> Path:
    """Move a file to a name beside its own that is free; where it then is."""
    names = (file.with_name(f"{file.name}.unreadable-{n}") for n in count(1))
    aside = next(name for name in names if not name.exists())
    with suppress(FileNotFoundError):  # another command on the same run was quicker
        file.rename(aside)
    return aside
