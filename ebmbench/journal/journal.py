"""The journal of a run: one immutable JSON record per cell, written atomically."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from ebmbench.errors import ConfigError, Problem
from ebmbench.journal.documents import FORMAT, CellRecord, RunDocument
from ebmbench.plan.file_names import file_name

if TYPE_CHECKING:
    from torch import Tensor

    from ebmbench.journal.pictures import Pictures

PARTS = "parts"

D = TypeVar("D", CellRecord, RunDocument)


class OlderFormatError(ConfigError):
    """A file was written by an older version of ebmbench."""


class Journal:
    """The folder ``runs/<suite>``: ``cells/`` (records, arrays), ``run.json`` and ``report/``.

    Beside them ``parts/<what was asked>``: the ``run.json`` and ``report/`` of runs that asked for
    less; their cells are those of the whole.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cells = (folder.parents[1] if folder.parent.name == PARTS else folder) / "cells"
        self.report = folder / "report"

    @classmethod
    def open(cls, name: Path, runs: Path) -> Journal:
        """The journal of a run named by its folder or by its suite's name.

        Raises:
            ConfigError: there is no such run.
        """
        for folder in (name, runs / name):
            if (folder / "run.json").is_file():
                return cls(folder)
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
        except ConfigError:  # none, or none that can be read
            return False
        return not there.narrowed or len(there.cells) > len(run.cells)

    def write(self, record: CellRecord) -> None:
        """Store a cell's record."""
        _write_document(self.cells / f"{record.id}.json", record)

    def write_run(self, run: RunDocument) -> None:
        """Store what the run was asked to do."""
        _write_document(self.folder / "run.json", run)

    def read_run(self) -> RunDocument:
        """What the run was asked to do."""
        return _read(RunDocument, self.folder / "run.json")

    def read(self, ids: Iterable[str]) -> list[CellRecord]:
        """The records of these cells, in this order; those not there are left out."""
        files = (self.cells / f"{id_}.json" for id_ in ids)
        return [_read_record(file) for file in files if file.is_file()]

    def record(self, id_: str) -> CellRecord | None:
        """The record of a cell; None where there is none, or one of an older format."""
        try:
            return next(iter(self.read([id_])), None)
        except OlderFormatError:
            return None

    def fate(self, id_: str) -> str | None:
        """The fate of a cell; None where there is no record, or one of an older format."""
        record = self.record(id_)
        return record.fate if record else None

    def write_pictures(self, id_: str, pictures: Pictures) -> None:
        """Store a cell's pictures, before its record: what a record speaks of is there."""
        _write_arrays(self._pictures(id_), pictures.arrays, id_)

    def pictures(self, id_: str) -> dict[str, Tensor]:
        """The arrays of a cell's pictures, ``name@epoch/part`` -> array; none where none are."""
        return _read_arrays(self._pictures(id_), id_)

    def write_parameters(self, id_: str, parameters: dict[str, Tensor]) -> None:
        """Store a cell's final parameters, before its record."""
        _write_arrays(self._parameters(id_), parameters, id_)

    def drop_parameters(self, id_: str) -> None:
        """Remove a cell's parameters, those of an earlier training, where there are any."""
        self._parameters(id_).unlink(missing_ok=True)

    def keeps_model(self, record: CellRecord) -> bool:
        """Whether a cell's final parameters were kept, and how to build its model again."""
        return record.model is not None and self._parameters(record.id).is_file()

    def parameters(self, id_: str) -> dict[str, Tensor]:
        """A cell's final parameters by name, one replica's; none where they were not kept."""
        return _read_arrays(self._parameters(id_), id_)

    def _pictures(self, id_: str) -> Path:
        return self.cells / f"{id_}.safetensors"

    def _parameters(self, id_: str) -> Path:
        return self.cells / f"{id_}.parameters.safetensors"


def write_bytes(file: Path, content: bytes) -> None:
    """Write all of the file or nothing: a temporary, fsync, rename."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(file)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _write_document(file: Path, document: CellRecord | RunDocument) -> None:
    text = json.dumps(document.model_dump(mode="json"), indent=1, allow_nan=False) + "\n"
    write_bytes(file, text.encode("utf-8"))


def _read_record(file: Path) -> CellRecord:
    """A cell's record, which is called as its file is.

    Raises:
        ConfigError: as :func:`_read` says, or it is another cell's.
    """
    record = _read(CellRecord, file)
    if record.id != file.stem:
        raise _unreadable(file, f"not a cell's record: id: '{record.id}' is not the file's name")
    return record


def _read(kind: type[D], file: Path) -> D:
    """A document of this kind.

    Raises:
        ConfigError: the file cannot be read, is of another format, or is not such a document.
    """
    what = NAMES[kind]
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, OSError, RecursionError) as error:
        raise _unreadable(file, f"not {what}: {_reason(error)}") from None
    if not isinstance(content, dict) or type(content.get("format")) is not int:
        raise _unreadable(file, f"not {what}: it says no format")
    if content["format"] != FORMAT:
        raise _other_format(file, what, content["format"])
    try:
        return kind.model_validate_json(json.dumps(content), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise _unreadable(file, f"not {what}: {where}: {first['msg']}") from None


NAMES = {CellRecord: "a cell's record", RunDocument: "a run's description"}


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"it is no JSON (line {error.lineno}, column {error.colno})"
    if isinstance(error, UnicodeDecodeError):
        return "it is no UTF-8 text"
    return getattr(error, "strerror", None) or str(error)


def _unreadable(file: Path, problem: str) -> ConfigError:
    remedy = "Delete it; the command that ran the suite makes it again."
    return ConfigError(Problem(str(file), "", problem, remedy))


def _other_format(file: Path, what: str, found: int) -> ConfigError:
    problem = f"{what} of format {found}, and this version of ebmbench reads format {FORMAT}"
    if found < FORMAT:
        remedy = "Give the command that ran the suite again: it makes a new one."
        return OlderFormatError(Problem(str(file), "", problem, remedy))
    remedy = "Use the version of ebmbench that wrote it, or a newer one."
    return ConfigError(Problem(str(file), "", problem, remedy))


def _write_arrays(file: Path, arrays: dict[str, Tensor], id_: str) -> None:
    from safetensors.torch import save  # torch: what only reads records does without

    if arrays:
        write_bytes(file, save(arrays, metadata={"cell": id_}))


def _read_arrays(file: Path, id_: str) -> dict[str, Tensor]:
    """The arrays of a cell.

    Raises:
        ConfigError: the file cannot be read, or is another cell's.
    """
    from safetensors import SafetensorError, safe_open

    if not file.is_file():
        return {}
    remedy = "Delete it and its record; the command that ran the suite makes them again."
    try:
        with safe_open(file, "pt") as found:
            owner = (found.metadata() or {}).get("cell")
            arrays = {name: found.get_tensor(name) for name in found.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        problem = f"not the arrays of a cell: {error}"
        raise ConfigError(Problem(str(file), "", problem, remedy)) from None
    if owner != id_:
        problem = f"holds the arrays of another cell, '{owner}'"
        raise ConfigError(Problem(str(file), "", problem, remedy))
    return arrays
