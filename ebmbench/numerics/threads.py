"""Threads for compiled kernels that release the interpreter's lock.

What a kernel computes must not depend on how many there are: each piece of work writes its own
part of the result, and nothing is added up across pieces.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import chain, pairwise
from typing import TypeVar

import torch

T = TypeVar("T")

_allowed: int | None = None  # None: all cores of this process
_here = threading.local()  # .in_parallel: whether this thread runs a piece of work


@cache
def cores() -> int:
    """The cores that this process may use; asked once, as each small update wants to know."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def use_threads(count: int | None) -> None:
    """Let kernels use so many threads; None for all cores."""
    global _allowed
    _allowed = count


def thread_count() -> int:
    """How many threads a kernel may use: one within a piece of work of ``in_parallel``."""
    if getattr(_here, "in_parallel", False):
        return 1
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


def in_parallel(work: Sequence[Callable[[], T]]) -> list[T]:
    """Run the pieces of work on the allowed threads, this one among them; results in order.

    Raises:
        Exception: what a piece of work raised.
    """
    if thread_count() == 1 or len(work) == 1:
        return [each() for each in work]
    parts = [work[part.start : part.stop] for part in cut(len(work), thread_count())]
    waiting = [_pool(thread_count() - 1).submit(_run, part) for part in parts[1:]]
    return [*_run(parts[0]), *chain.from_iterable(future.result() for future in waiting)]


def _run(work: Sequence[Callable[[], T]]) -> list[T]:
    """Run pieces of work; ``in_parallel`` within them uses no further threads.

    They would wait for threads of the pool, which are busy with the other pieces.
    """
    _here.in_parallel = True
    try:
        return [each() for each in work]
    finally:
        _here.in_parallel = False


def cut(length: int, pieces: int) -> list[range]:
    """``range(length)`` in at most ``pieces`` even parts, none of them empty."""
    pieces = max(1, min(length, pieces))
    edges = [length * index // pieces for index in range(pieces + 1)]
    return [range(low, high) for low, high in pairwise(edges)]


@cache
def _pool(size: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(size, thread_name_prefix="kernel")


if hasattr(os, "register_at_fork"):  # a fork has none of its parent's threads
    os.register_at_fork(after_in_child=_pool.cache_clear)
