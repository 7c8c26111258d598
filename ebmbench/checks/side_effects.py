"""What a component may not touch: the process's random generators, and the disk."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch

from ebmbench.checks.failure import Failed

CACHES = {"__pycache__", ".cache", "Caches", ".triton"}  # of compilers, and of fetched data
CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink"}

_written: list[str] | None = None
_hooked = False


@contextmanager
def global_generators_at_rest() -> Iterator[None]:
    """Fail if one of the process's own generators of random numbers moves within."""
    before = _generators()
    yield
    moved = [name for name, state in _generators().items() if state != before[name]]
    if moved:
        raise Failed(
            f"it draws from or seeds the global generator of {' and '.join(moved)}. Then a "
            "replica's numbers depend on what else runs: draw from the 'noise' argument only."
        )


@contextmanager
def nothing_written() -> Iterator[None]:
    """Fail if a file is written or a folder changed within, caches apart."""
    global _written
    _listen()
    _written = []
    try:
        yield
    finally:
        found, _written = _written, None
    if found:
        raise Failed(
            f"it writes to the disk itself: {found[0]}. A run keeps what it needs in its own "
            "folder, and workers run side by side: return numbers and pictures instead."
        )


def _generators() -> dict[str, object]:
    _, keys, *rest = np.random.get_state()
    states: dict[str, object] = {
        "torch": torch.get_rng_state().tolist(),
        "numpy": (np.asarray(keys).tolist(), rest),
        "random": random.getstate(),
    }
    return states


def _listen() -> None:
    """Audit hooks cannot be taken away again: one, for the process, that mostly sleeps."""
    global _hooked
    if not _hooked:
        sys.addaudithook(_hear)
        _hooked = True


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if _written is None or event not in {"open", *CHANGES}:
        return
    path = arguments[0]
    if not isinstance(path, str | bytes) or _only_read(event, arguments):
        return
    name = os.fsdecode(path)
    if not (CACHES & set(Path(name).parts) or name.startswith(("/dev/", "/proc/"))):
        _written.append(name)


def _only_read(event: str, arguments: tuple[object, ...]) -> bool:
    """Whether a file is opened for reading alone."""
    if event != "open":
        return False
    mode, flags = arguments[1], arguments[2]
    if isinstance(mode, str):
        return not set(mode) & set("wax+")
    return not (isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
