"""Whether a new process may be a fork of this one."""

from __future__ import annotations

import multiprocessing
import os
import sys
from typing import Any

from ebmbench.isolation.workers import WorkerContext

_allowed = False


def fork_from_now_on() -> None:
    """Let processes be forks of this one, which takes milliseconds and not seconds.

    For a program that is all ours, as the command line is. A fork of somebody else's program may
    inherit a lock that another of its threads holds.
    """
    global _allowed
    _allowed = hasattr(os, "fork") and sys.platform == "linux"


def context_of_process() -> Any:
    """What starts a process: forks, or else spawns."""
    torch = sys.modules.get("torch")
    cuda = torch is not None and torch.cuda.is_initialized()  # it survives no fork
    return multiprocessing.get_context("fork") if _allowed and not cuda else WorkerContext()
