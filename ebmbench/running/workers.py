"""Worker processes that start fresh, whatever program started them.

A process that Python spawns imports the main module of its parent first. A worker needs nothing of
it, and must not: a script that runs a suite without ``if __name__ == "__main__":`` would run it
again in each worker, which Python refuses, and the suite would fail without having begun.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess
from threading import Lock
from types import ModuleType

_starting = Lock()


class Worker(SpawnProcess):
    """A spawned process that does not import its parent's main module."""

    def start(self) -> None:
        with _without_main(), _deaf_to_ctrl_c():
            super().start()


class WorkerContext(SpawnContext):
    """Spawns workers."""

    Process = Worker


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Within, this thread holds back Ctrl-C, and so do processes that it starts, from the first.

    Ctrl-C is their owner's to answer; a terminal sends it to all.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _without_main() -> Iterator[None]:
    """Within, the main module is an empty one: there is nothing for a new process to import."""
    with _starting:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main
