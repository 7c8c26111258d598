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
from functools import cache, partial
from itertools import chain, pairwise
from typing import TypeVar

import torch

T = TypeVar("T")

_allowed: int | None = None  # None: all cores of this process
_team = threading.Lock()  # of those who are ``side_by_side``
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


def side_by_side(most: int, work: Callable[[int, int], T]) -> list[T]:
    """``work(index, count)`` for each of ``count`` pieces, which may wait for each other; in order.

    There are at most ``most`` of them and as many as threads are allowed: all are at work at the
    same time. While another thread has such pieces at work there is one.

    Raises:
        Exception: what a piece of work raised. It must do so before it is waited for.
    """
    count = min(most, thread_count())
    if count == 1 or not _team.acquire(blocking=False):
        return [work(0, 1)]
    try:
        others = _started_pool(count - 1)
        pieces = [partial(work, index, count) for index in range(count)]
        waiting = [others.submit(_run, [piece]) for piece in pieces[1:]]
        return [*_run(pieces[:1]), *chain.from_iterable(future.result() for future in waiting)]
    finally:
        _team.release()


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


@cache
def _started_pool(size: int) -> ThreadPoolExecutor:
    """A pool all of whose threads are there: none is missed by those that wait for it."""
    pool, gate = ThreadPoolExecutor(size, thread_name_prefix="kernel-team"), threading.Event()
    try:
        for _ in range(size):
            pool.submit(gate.wait)
    finally:
        gate.set()
    return pool


def _forget_threads() -> None:
    """Of a fork, which has none of its parent's."""
    global _team
    _team = threading.Lock()
    _pool.cache_clear()
    _started_pool.cache_clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_threads)
