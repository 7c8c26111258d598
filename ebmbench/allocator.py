"""Keep freed memory: getting fresh pages from the system costs more than the arithmetic on them."""

from __future__ import annotations

import ctypes

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
