"""How the threads share the work: whole replicas first, then parts of those that are left over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from ebmbench.numerics import cut, in_parallel, thread_count


def for_each_replica(replicas: Sequence[int], work: Callable[[int, int], None]) -> None:
    """``work(r, pieces)`` for each replica, in so many pieces side by side.

    As many replicas as can be dealt out evenly get a thread each and are done in one piece; of the
    others, one after another, all threads do a piece.
    """
    count = thread_count()
    even = len(replicas) - len(replicas) % count

    def deal(hand: range) -> None:
        for at in hand:
            work(replicas[at], 1)

    in_parallel([partial(deal, hand) for hand in cut(even, count)])
    for r in replicas[even:]:
        work(r, count)


def in_pieces(length: int, pieces: int, work: Callable[[int, int], object]) -> None:
    """``work(first, last)`` for so many even parts of ``range(length)`` side by side."""
    parts = cut(length, pieces)
    in_parallel([partial(work, part.start, part.stop) for part in parts])
