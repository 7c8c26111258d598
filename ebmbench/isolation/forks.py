"""Processes that this one makes: whether they may be forks of it, and that nothing outlives it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

_allowed = False

ASK_WITHOUT_CUDA = "PYTORCH_NVML_BASED_CUDA_CHECK"
"""torch's own: it counts devices through the driver's library for management, not through CUDA."""


def fork_from_now_on() -> None:
    """Let processes be forks of this one, which takes milliseconds and not seconds.

    For a program that is all ours, as the command line is. A fork of somebody else's program may
    inherit a lock that another of its threads holds. CUDA survives no fork, so devices are counted
    without it: a process that has only asked whether there is one may still be forked.
    """
    global _allowed
    os.environ.setdefault(ASK_WITHOUT_CUDA, "1")
    _allowed = hasattr(os, "fork") and sys.platform == "linux"


def context_of_process() -> Any:
    """What starts a process: forks, or else spawns."""
    import multiprocessing  # help does without

    from ebmbench.isolation.workers import WorkerContext

    torch = sys.modules.get("torch")
    cuda = torch is not None and torch.cuda.is_initialized()  # it survives no fork
    return multiprocessing.get_context("fork") if _allowed and not cuda else WorkerContext()


@contextmanager
def children_ended() -> Iterator[None]:
    """End what a component has started from this process and left running, on Linux."""
    try:
        yield
    finally:
        for child in _children():
            if child != _tracker():
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(child, signal.SIGKILL)


def threads_waited_for() -> set[threading.Thread]:
    """The threads that Python waits for at its end, and that do not end by themselves.

    Those of pools do; a component's own may run for ever.
    """
    return {each for each in threading.enumerate() if not (each.daemon or _of_a_pool(each))}


def _of_a_pool(thread: threading.Thread) -> bool:
    pools = sys.modules.get("concurrent.futures.thread")
    return pools is not None and thread in pools._threads_queues


def _tracker() -> int | None:
    """Python's own helper, which tidies up and ends by itself."""
    tracker = sys.modules.get("multiprocessing.resource_tracker")
    return tracker._resource_tracker._pid if tracker else None


def _children() -> list[int]:
    found: list[int] = []
    for each in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):  # a thread that has ended meanwhile
            found += map(int, each.read_text("ascii").split())
    return found
