"""How much memory this machine has, and how much of it is left to us."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

CGROUPS = (  # version 2, version 1: what a container may use, and uses
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
    ),
)


def total_memory() -> int | None:
    """Bytes of memory in this machine, or in the container's share of it; None if nobody says."""
    known = [_of_machine("MemTotal"), *(_number(limit) for limit, _ in CGROUPS)]
    return min((each for each in known if each is not None), default=_pages())


def available_memory() -> int | None:
    """Bytes that can be taken without swapping; None if nobody says."""
    known = [_of_machine("MemAvailable"), *(_left(*files) for files in CGROUPS)]
    return min((each for each in known if each is not None), default=_pages())


def _of_machine(line: str, file: str = "/proc/meminfo") -> int | None:
    """A line of Linux's own account, ``MemTotal:  24684416 kB``."""
    try:
        lines = Path(file).read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = [each.split()[1] for each in lines if each.startswith(f"{line}:")]
    return 1024 * int(found[0]) if found else None


def _left(limit: str, used: str) -> int | None:
    most, now = _number(limit), _number(used)
    return None if most is None or now is None else max(0, most - now)


def _number(file: str) -> int | None:
    try:
        return int(Path(file).read_text(encoding="ascii"))
    except (OSError, ValueError):  # no such file; "max"
        return None


def _pages() -> int | None:
    """What other systems than Linux say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of glibc's malloc.h
LARGEST = 32 << 20  # bytes; glibc takes no more
KEPT = 1 << 30


def keep_freed_memory() -> None:
    """Let this process reuse large freed arrays; nothing where the C library is not glibc.

    A training makes the same temporary arrays at every update. By default glibc hands those of
    some MB back to the system and gets them again, page by page.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGEST)
        mallopt(M_TRIM_THRESHOLD, KEPT)
