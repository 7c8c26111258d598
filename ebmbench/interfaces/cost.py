"""Hardware-free cost: what an update has to do, whoever does it."""

from __future__ import annotations

from numbers import Real
from operator import add
from typing import NamedTuple

MOST = 1e18
"""Of anything, per update of one replica."""


class Cost(NamedTuple):
    """Operations of one update of one replica.

    Attributes:
        macs: multiply-adds.
        randoms: random numbers drawn.
        bytes: bytes read and written, each operand of a product counted once, float32.
        held: bytes of memory held at once, parameters apart; 0 where it is not known, and then
            ``bytes`` stands for it, which is no less.
    """

    macs: float = 0.0
    randoms: float = 0.0
    bytes: float = 0.0
    held: float = 0.0

    @property
    def operations(self) -> tuple[float, float, float]:
        """What is done: multiply-adds, random numbers, bytes."""
        return self[:3]

    @property
    def peak(self) -> float:
        """Bytes of memory held at once."""
        return self.held or self.bytes

    def __add__(self, other: object) -> Cost:
        if not isinstance(other, Cost):
            return NotImplemented
        macs, randoms, moved = map(add, self.operations, other.operations)
        return Cost(macs, randoms, moved, max(self.peak, other.peak))  # one after the other

    def __mul__(self, times: object) -> Cost:
        if not isinstance(times, int | float):
            return NotImplemented
        macs, randoms, moved = (mine * times for mine in self.operations)
        return Cost(macs, randoms, moved, self.peak)  # over and over

    def __rmul__(self, times: object) -> Cost:
        return self * times


def product_cost(rows: float, inner: float, columns: float) -> Cost:
    """The cost of a (rows, inner) by (inner, columns) matrix product."""
    moved = rows * inner + inner * columns + rows * columns
    return Cost(macs=rows * inner * columns, bytes=4 * moved)


def checked(cost: object) -> Cost:
    """The cost that a component counts, its numbers Python's own.

    Raises:
        TypeError, ValueError: it is none, or not of finite numbers from 0 to ``MOST``.
    """
    if not isinstance(cost, Cost):
        raise TypeError(f"the cost is a {type(cost).__name__}, not a Cost")
    return Cost(*(_checked_count(name, count) for name, count in cost._asdict().items()))


def _checked_count(name: str, count: object) -> float:
    if not isinstance(count, Real):
        raise TypeError(f"the cost counts {name} by a {type(count).__name__}, not a number")
    number = count if isinstance(count, int) else float(count)
    if not 0 <= number <= MOST:
        raise ValueError(f"the {name} that the cost counts are no number from 0 to {MOST:g}")
    return number
