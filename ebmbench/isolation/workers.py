"""Worker processes that start fresh, whatever program started them.

A process that Python spawns imports the main module of its parent first. A worker needs nothing of
it, and must not: a script that runs a suite without ``if __name__ == "__main__":`` would run it
again in each worker, which Python refuses, and the suite would fail without having begun.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType

from ebmbench.isolation.output import divert_output

LEFT = 1  # exit code of a worker that left its work

_starting = threading.Lock()


class Worker(SpawnProcess):
    """A spawned process that does not import its parent's main module.

    Processes that it leaves behind end with it, if it calls :func:`lead_group`.
    """

    def start(self) -> None:
        with _without_main(), _deaf_to_ctrl_c():
            super().start()

    _left_nothing = False

    def is_alive(self) -> bool:
        alive = super().is_alive()
        if not alive and not self._left_nothing:
            end_group(self.pid)
            self._left_nothing = True  # its number may soon be another's
        return alive

    def join(self, timeout: float | None = None) -> None:
        super().join(timeout)
        self.is_alive()


class WorkerContext(SpawnContext):
    """Spawns workers."""

    Process = Worker


def work_apart() -> None:
    """Make this process a worker: it prints to stderr.

    It ends with its parent, and what it started ends with it.
    """
    lead_group()
    divert_output()
    threading.Thread(target=_die_with_parent, daemon=True).start()


@contextmanager
def no_exit_is_success() -> Iterator[None]:
    """Within, ``os._exit(0)`` has an exit code that tells of it.

    A pool takes 0 for an end that it asked for, and waits for the task for ever.
    """
    leave = os._exit
    os._exit = lambda code: leave(code or LEFT)  # type: ignore[assignment]
    try:
        yield
    finally:
        os._exit = leave


def lead_group() -> None:
    """Make this process the leader of a group of its own: what it starts can be ended with it."""
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)


def end_group(leader: int | None) -> None:
    """End the processes of a group; none where it has no member left."""
    if leader is not None and hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)


def _die_with_parent() -> None:
    """End this process and its group when its owner is gone, however that came about."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        end_group(os.getpid())
        os._exit(1)


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
