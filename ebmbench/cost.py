"""Hardware-free cost: what an update has to do, whoever does it."""

from __future__ import annotations

from typing import NamedTuple


class Cost(NamedTuple):
    """Operations of one update of one replica.

    Attributes:
        macs: multiply-adds.
        randoms: random numbers drawn.
        bytes: bytes read and written, each operand of a product counted once, float32.
    """

    macs: float = 0.0
    randoms: float = 0.0
    bytes: float = 0.0

    def __add__(self, other: object) -> Cost:
        if not isinstance(other, Cost):
            return NotImplemented
        return Cost(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    def __mul__(self, times: object) -> Cost:
        if not isinstance(times, int | float):
            return NotImplemented
        return Cost(*(mine * times for mine in self))

    def __rmul__(self, times: object) -> Cost:
        return self * times


def product_cost(rows: float, inner: float, columns: float) -> Cost:
    """The cost of a (rows, inner) by (inner, columns) matrix product."""
    moved = rows * inner + inner * columns + rows * columns
    return Cost(macs=rows * inner * columns, bytes=4 * moved)
