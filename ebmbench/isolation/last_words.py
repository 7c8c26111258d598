"""What an attempt of a worker leaves behind: what it wrote, where it crashed, what it took.

Each attempt has files of its own in a folder that its owner reads while it works, and when it is
gone: a process that is killed has no time to say anything.
"""

from __future__ import annotations

import faulthandler
import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TextIO

from ebmbench.isolation.output import ERR, OUT

OFTEN = 1.0  # seconds between two signs of life
LONGEST = 300  # characters of a line that is kept
TAIL = 1 << 14  # bytes at the end that are looked at for lines

_crash_file: TextIO | None = None  # open as long as crashes go there


class Spent(NamedTuple):
    """What an attempt took until its last sign of life.

    Attributes:
        seconds: since it began.
        memory: bytes that its process has held at most since it began, where the system can say
            that, or since the process did; until its last sign of life. None where it says nothing.
    """

    seconds: float
    memory: int | None


class LastWords:
    """The files of attempts, by their numbers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[int, int] = {}

    def begin(self, number: int) -> Callable[[], None]:
        """In the worker: from now on what it prints goes to the attempt's file.

        Returns:
            What gives a sign of life, if the last was some time ago.
        """
        global _crash_file
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):
                stream.flush()
        log = os.open(self._file(number, "log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for descriptor in (OUT, ERR):
            os.dup2(log, descriptor)
        os.close(log)
        last, _crash_file = _crash_file, self._file(number, "crash").open("w", encoding="utf-8")
        faulthandler.enable(_crash_file)
        if last is not None:
            last.close()
        return _SignsOfLife(self._file(number, "life"))

    def news(self, number: int) -> str:
        """What an attempt has written since this was asked last."""
        with suppress(OSError), self._file(number, "log").open("rb") as log:
            log.seek(self._read.get(number, 0))
            found = log.read()
            self._read[number] = log.tell()
            return found.decode("utf-8", errors="replace")
        return ""

    def lines(self, number: int, most: int = 20) -> tuple[str, ...]:
        """The last lines that it wrote."""
        with suppress(OSError), self._file(number, "log").open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - TAIL))
            text = log.read().decode("utf-8", errors="replace")
            return tuple(line[:LONGEST] for line in text.splitlines() if line.strip())[-most:]
        return ()

    def crash(self, number: int) -> str:
        """Where it crashed, by faulthandler; "" where it did not."""
        with suppress(OSError):
            return self._file(number, "crash").read_text(encoding="utf-8", errors="replace")
        return ""

    def spent(self, number: int) -> Spent | None:
        """What it took until now; None where it gave no sign of life."""
        with suppress(OSError, ValueError, TypeError):
            text = self._file(number, "life").read_text(encoding="utf-8")
            began, memory = json.loads(text)
            return Spent(max(0.0, time.time() - began), memory)
        return None

    def _file(self, number: int, kind: str) -> Path:
        return self.folder / f"{number}.{kind}"


class _SignsOfLife:
    """Writes what an attempt took so far, now and then."""

    def __init__(self, file: Path) -> None:
        _forget_peak()
        self._file, self._began, self._last = file, time.time(), -OFTEN
        self()

    def __call__(self) -> None:
        now = time.monotonic()
        if now - self._last < OFTEN:
            return
        self._last = now
        with suppress(OSError):
            text = json.dumps([self._began, _peak_memory()])
            self._file.write_text(text, encoding="utf-8")


def _forget_peak() -> None:
    """Let the most that this process has held begin anew, on Linux."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _peak_memory() -> int | None:
    with suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text().splitlines()
        return 1024 * int(next(line for line in lines if line.startswith("VmHWM:")).split()[1])
    try:
        import resource
    except ImportError:  # Windows
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
