"""The journal of a run: one immutable JSON record per cell, written atomically."""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save
from torch import Tensor

from ebmbench.errors import ConfigError, Problem
from ebmbench.pictures import Pictures

FORMAT = 1
Record = dict[str, Any]


class Journal:
    """The folder ``runs/<suite>``: ``cells/`` (records, pictures), ``run.json`` and ``report/``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cells = folder / "cells"
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

    def write(self, record: Record) -> None:
        """Store a cell's record."""
        write_json(self.cells / f"{record['id']}.json", {"format": FORMAT, **record})

    def write_pictures(self, id_: str, pictures: Pictures) -> None:
        """Store a cell's pictures, before its record: what a record speaks of is there."""
        if pictures.arrays:
            write_bytes(self._pictures_of(id_), save(pictures.arrays))

    def pictures(self, id_: str) -> dict[str, Tensor]:
        """The arrays of a cell's pictures, ``name@epoch/part`` -> array; none where none are."""
        file = self._pictures_of(id_)
        return load_file(file) if file.is_file() else {}

    def write_run(self, run: Record) -> None:
        """Store what the run was asked to do."""
        write_json(self.folder / "run.json", {"format": FORMAT, **run})

    def read_run(self) -> Record:
        """What the run was asked to do."""
        return _read(self.folder / "run.json")

    def read(self, ids: Iterable[str]) -> list[Record]:
        """The records of these cells, in this order; those not there are left out."""
        files = (self.cells / f"{id_}.json" for id_ in ids)
        return [_read(file) for file in files if file.is_file()]

    def _pictures_of(self, id_: str) -> Path:
        return self.cells / f"{id_}.safetensors"

    def status(self, id_: str) -> str | None:
        """The fate of a cell; None where there is no record."""
        records = self.read([id_])
        return fate(records[0]) if records else None


def fate(record: Record) -> str:
    """done, diverged or failed; ``unmeasured`` where it is done but a metric failed."""
    status = str(record["status"])
    return "unmeasured" if status == "done" and record["unmeasured"] else status


def write_json(file: Path, content: Any) -> None:
    """Write all of a JSON file or nothing."""
    text = json.dumps(content, indent=1, allow_nan=False) + "\n"
    write_bytes(file, text.encode("utf-8"))


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


def finite(value: float) -> float | None:
    """JSON knows no infinities: they and NaN become null."""
    return value if math.isfinite(value) else None


def _read(file: Path) -> Record:
    try:
        return json.loads(file.read_text(encoding="utf-8"))  # type: ignore[no-any-return]
    except (ValueError, OSError) as error:
        remedy = "Delete it; the command that ran the suite makes it again."
        raise ConfigError(Problem(str(file), "", f"not a record: {error}", remedy)) from None
