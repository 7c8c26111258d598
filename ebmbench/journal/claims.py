"""Which cells a command is at work on, so that two commands in one folder share the work.

A cell is claimed by a file that only one can make, and the claim holds as long as its owner gives
signs of life: its own file, written anew every few seconds, which also says how far its blocks
are. Nothing but files is needed, and no clock but the file system's: the folder may be shared by
machines. An owner on this machine that is gone is known to be.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, NamedTuple
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, ValidationError

from ebmbench.errors import ConfigError, Problem
from ebmbench.journal.trend import Trend, extended
from ebmbench.journal.whole_file import write_bytes

BEAT = 3.0  # seconds between two signs of life
EXPIRES = 60.0  # seconds after the last at which a claim holds no more


class BlockAtWork(BaseModel):
    """A block that is trained, or waits for a worker.

    Attributes:
        cells: their ids.
        began, epoch, epochs: where it began, how far it is, and how far it goes.
        value: the newest mean of the target metric, where there is one.
        trend: those so far.
        measuring: what the metric is called that is measured now.
        seconds: since it began; None where it waits.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cells: tuple[str, ...]
    began: int
    epoch: int
    epochs: int
    value: float | None
    seconds: float | None
    trend: Trend = ()
    measuring: str | None = None


class Owner(BaseModel):
    """A command at work.

    Attributes:
        host, process: where it runs.
        blocks: what it is at.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str
    process: int
    blocks: tuple[BlockAtWork, ...]


class _Progress(NamedTuple):
    epochs: int
    began: int = 0
    epoch: int = 0
    value: float | None = None
    since: float | None = None  # it has begun
    trend: Trend = ()
    measuring: str | None = None


class Claims:
    """The folder ``claims`` of a run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "claims"
        self.owner = uuid4().hex
        self._at_work: dict[tuple[str, ...], _Progress] = {}
        self._changing = Lock()

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Within, this owner gives signs of life; afterwards nothing is claimed by it."""
        ended = Event()
        self._beat()
        thread = Thread(target=self._beat_until, args=[ended], daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            for cells in [*self._at_work]:
                self.release(cells)
            self._file_of(self.owner).unlink(missing_ok=True)

    def take(self, cells: Sequence[str], epochs: int = 0) -> tuple[str, ...]:
        """Claim cells that nobody else is at; those that are now this owner's.

        Raises:
            ConfigError: something that is no claim, or cannot be read, stands where one would.
        """
        taken = tuple(cell for cell in cells if self._take(cell))
        if taken:
            with self._changing:
                self._at_work[taken] = _Progress(epochs)
        return taken

    def begin(self, cells: Sequence[str], epoch: int = 0) -> None:
        """Claimed cells wait no longer; they go on from an epoch."""
        self._change(cells, began=epoch, epoch=epoch, since=time.monotonic())

    def tell(
        self, cells: Sequence[str], epoch: int, value: float | None, measuring: str | None = None
    ) -> None:
        """How far claimed cells are."""
        before = self._at_work.get(tuple(cells), _Progress(0))
        trend = extended(before.trend, epoch, value)
        self._change(cells, epoch=epoch, value=value, trend=trend, measuring=measuring)

    def release(self, cells: Sequence[str]) -> None:
        """Give claimed cells up."""
        with self._changing:
            self._at_work.pop(tuple(cells), None)
        for cell in cells:
            if self._owner_of(cell) == self.owner:
                self._claim(cell).unlink(missing_ok=True)

    def are_others(self, cells: Iterable[str]) -> set[str]:
        """Those of these cells that somebody else is at."""
        claimed = {file.stem for file in self.folder.glob("*.claim")}
        found = {cell: self._owner_of(cell) for cell in cells if cell in claimed}
        living = {owner for owner in set(found.values()) if owner and self._lives(owner)}
        return {cell for cell, owner in found.items() if owner in living - {self.owner}}

    def knows(self, owner: str) -> bool:
        """Whether an owner is, or was, at work in this very folder."""
        return self._file_of(owner).is_file()

    def owners(self) -> list[Owner]:
        """All that are at work."""
        names = [file.stem for file in sorted(self.folder.glob("*.owner"))]
        found = (self._read(name) for name in names if self._lives(name))
        return [owner for owner in found if owner is not None]

    @property
    def are_left_behind(self) -> bool:
        """Whether somebody was at work here who is gone, and has not taken leave."""
        return any(not self._lives(file.stem) for file in self.folder.glob("*.owner"))

    def _change(self, cells: Sequence[str], **news: Any) -> None:
        with self._changing:
            if (before := self._at_work.get(tuple(cells))) is not None:
                self._at_work[tuple(cells)] = before._replace(**news)

    def _take(self, cell: str) -> bool:
        """Whether the cell is this owner's now."""
        before = self._owner_of(cell)
        if before == self.owner:
            return True
        if before is not None and not self._remove_if_dead(cell, before):
            return False
        claim, mine = self._claim(cell), self.folder / f".{self.owner}.tmp"
        self.folder.mkdir(parents=True, exist_ok=True)
        mine.write_text(self.owner, encoding="ascii")
        try:
            os.link(mine, claim)  # with its content, or not at all
        except FileExistsError:
            return False
        except OSError:  # a file system without links
            return _made(claim, self.owner)
        finally:
            mine.unlink(missing_ok=True)
        return True

    def _remove_if_dead(self, cell: str, owner: str) -> bool:
        """Make room for a claim whose owner is gone; whether there is room."""
        if self._lives(owner):
            return False
        aside = self.folder / f".{uuid4().hex}.tmp"
        try:
            self._claim(cell).rename(aside)  # of those who try, one
        except OSError:
            return False
        found = _content(aside)
        if found != owner:  # somebody was quicker, and this is their claim
            with suppress(OSError):
                os.link(aside, self._claim(cell))
        aside.unlink(missing_ok=True)
        return found == owner

    def _lives(self, owner: str) -> bool:
        """Whether an owner has given a sign of life of late."""
        if owner == self.owner:
            return True
        file, found = self._file_of(owner), self._read(owner)
        if found is None:
            return False
        if found.host == socket.gethostname() and not _is_running(found.process):
            return False
        try:
            return self._now() - file.stat().st_mtime < EXPIRES
        except OSError:
            return False

    def _now(self) -> float:
        """The file system's time."""
        probe = self.folder / f".{self.owner}.now"
        try:
            probe.touch()
            return probe.stat().st_mtime
        except OSError:  # it can be read only
            return time.time()
        finally:
            with suppress(OSError):
                probe.unlink(missing_ok=True)

    def _beat_until(self, ended: Event) -> None:
        while not ended.wait(BEAT):
            with suppress(OSError):  # a full disk: the next may do
                self._beat()

    def _beat(self) -> None:
        with self._changing:
            at_work = {**self._at_work}
        now = time.monotonic()
        blocks = tuple(
            BlockAtWork(
                cells=cells,
                began=at.began,
                epoch=at.epoch,
                epochs=at.epochs,
                value=at.value,
                seconds=None if at.since is None else now - at.since,
                trend=at.trend,
                measuring=at.measuring,
            )
            for cells, at in at_work.items()
        )
        mine = Owner(host=socket.gethostname(), process=os.getpid(), blocks=blocks)
        write_bytes(self._file_of(self.owner), mine.model_dump_json().encode())

    def _read(self, owner: str) -> Owner | None:
        try:
            return Owner.model_validate_json(self._file_of(owner).read_bytes())
        except (OSError, ValidationError):
            return None

    def _owner_of(self, cell: str) -> str | None:
        return _content(self._claim(cell))

    def _claim(self, cell: str) -> Path:
        return self.folder / f"{cell}.claim"

    def _file_of(self, owner: str) -> Path:
        return self.folder / f"{owner}.owner"


def _made(file: Path, content: str) -> bool:
    """Whether this process made the file."""
    try:
        with file.open("x", encoding="ascii") as stream:
            stream.write(content)
    except FileExistsError:
        return False
    return True


def _content(file: Path) -> str | None:
    """What a claim says, a name of 32 digits; None where there is none."""
    try:
        with file.open("rb") as stream:
            text = stream.read(32).decode("ascii", errors="replace")
            return text if text.isalnum() else ""
    except (IsADirectoryError, PermissionError) as error:  # it would be waited for without end
        problem = f"no claim on a cell that can be read: {error.strerror}"
        raise ConfigError(Problem(str(file), "", problem, "Delete it.")) from error
    except OSError:
        return None


def _is_running(process: int) -> bool:
    """Whether a process of this machine is there; where nobody can say, it may be."""
    if os.name == "nt" or process <= 0:
        return process > 0
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return not _is_defunct(process)


def _is_defunct(process: int) -> bool:
    """Whether it has ended, and nobody has asked how."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return False
