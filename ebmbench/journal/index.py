"""What records say of themselves in short, so that thousands of them need not be read again.

A cache beside them, ``index.sqlite``: it is made anew, as a whole, whenever it does not agree with
the files that are there, so that nobody needs a lock on it, and nothing depends on it.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from ebmbench.journal.stored import UnreadableError, read_record
from ebmbench.journal.whole_file import write_bytes

SETTLED = 3.0  # seconds after which a file's time tells whether it was written again
TABLE = (
    "create table records (id text, changed integer, size integer,"
    " dataset text, method text, seed integer, fate text, keeps integer)"
)


class Entry(NamedTuple):
    """A record in short.

    Attributes:
        fate: see :attr:`ebmbench.journal.documents.CellRecord.fate`.
        keeps: whether it says how to build the cell's model again.
    """

    dataset: str
    method: str
    seed: int
    fate: str
    keeps: bool


class _Seen(NamedTuple):
    """When a file was changed last, in ns, and its bytes."""

    changed: int
    size: int


class Index:
    """The index of a folder of records."""

    def __init__(self, cells: Path) -> None:
        self._cells = cells
        self._file = cells.parent / "index.sqlite"

    def entries(self) -> dict[str, Entry]:
        """All records that can be read, by the ids of their cells."""
        now, stored = dict(self._scan()), self._read()
        found = {id_: entry for id_, (seen, entry) in stored.items() if now.get(id_) == seen}
        fresh = {id_: entry for id_ in now.keys() - found.keys() for entry in self._of(id_)}
        found |= fresh
        if fresh or stored.keys() - now.keys():
            settled = time.time_ns() - int(1e9 * SETTLED)
            rows = ((id_, now[id_], each) for id_, each in found.items())
            self._write(row for row in rows if row[1].changed < settled)
        return found

    def _scan(self) -> Iterator[tuple[str, _Seen]]:
        with suppress(FileNotFoundError), os.scandir(self._cells) as files:
            for each in files:
                if each.name.endswith(".json"):
                    with suppress(FileNotFoundError):
                        at = each.stat()
                        yield each.name.removesuffix(".json"), _Seen(at.st_mtime_ns, at.st_size)

    def _of(self, id_: str) -> Iterator[Entry]:
        with suppress(UnreadableError):
            if (record := read_record(self._cells / f"{id_}.json")) is not None:
                keeps = record.model is not None
                yield Entry(record.dataset, record.method, record.seed, record.fate, keeps)

    def _read(self) -> dict[str, tuple[_Seen, Entry]]:
        """What is stored; nothing where it cannot be read."""
        if not self._file.is_file():
            return {}
        address = f"{self._file.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            with closing(sqlite3.connect(address, uri=True)) as base:
                rows = base.execute("select * from records").fetchall()
            return {
                id_: (_Seen(changed, size), Entry(dataset, method, seed, fate, bool(keeps)))
                for id_, changed, size, dataset, method, seed, fate, keeps in rows
            }
        except (sqlite3.Error, ValueError):
            return {}

    def _write(self, rows: Iterable[tuple[str, _Seen, Entry]]) -> None:
        """Replace what is stored, where the folder can be written."""
        flat = [(id_, *seen, *entry) for id_, seen, entry in rows]
        with suppress(OSError, sqlite3.Error), TemporaryDirectory(prefix="ebmbench-") as folder:
            file = Path(folder) / "index.sqlite"
            with closing(sqlite3.connect(file)) as base, base:
                base.execute(TABLE)
                base.executemany("insert into records values (?, ?, ?, ?, ?, ?, ?, ?)", flat)
            write_bytes(self._file, file.read_bytes())
