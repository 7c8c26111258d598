"""Threads for compiled kernels that release the interpreter's lock.

What a kernel computes must not depend on how many there are: each piece of work writes its own
part of the result, and nothing is added up across pieces.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import pairwise

import torch

_allowed: int | None = None  # None: all cores of this process


def cores() -> int:
    """The cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def use_threads(count: int | None) -> None:
    """Let kernels use so many threads; None for all cores."""
    global _allowed
    _allowed = count


def threads() -> int:
    """How many threads a kernel may use."""
    return cores() if _allowed is None else _allowed


@contextmanager
def at_most(count: int) -> Iterator[None]:
    """Let kernels and torch use so many threads within."""
    before, torch_before = _allowed, torch.get_num_threads()
    use_threads(count)
    torch.set_num_threads(count)
    try:
        yield
    finally:
        use_threads(before)
        torch.set_num_threads(torch_before)


def in_parallel(work: Sequence[Callable[[], object]]) -> None:
    """Do all of it, on as many threads as are allowed, this one among them.

    Raises:
        Exception: what a piece of work raised.
    """
    if threads() == 1 or len(work) == 1:
        for each in work:
            each()
        return
    waiting = [_pool(threads() - 1).submit(each) for each in work[1:]]
    work[0]()
    for future in waiting:
        future.result()


def cut(length: int, pieces: int) -> list[range]:
    """``range(length)`` in at most ``pieces`` even parts, none of them empty."""
    pieces = max(1, min(length, pieces))
    edges = [length * index // pieces for index in range(pieces + 1)]
    return [range(low, high) for low, high in pairwise(edges)]


@cache
def _pool(size: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(size, thread_name_prefix="kernel")
