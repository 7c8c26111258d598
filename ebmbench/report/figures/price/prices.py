"""Quality against the cost of a whole training, and the methods that nothing beats in both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Literal, NamedTuple

from ebmbench.interfaces.metric import Range
from ebmbench.summary import Leaderboard, Summary
from ebmbench.summary.statistics import Better, Interval

Measure = Literal["seconds", "macs"]
LABELS: dict[Measure, str] = {"seconds": "seconds of training", "macs": "multiply-adds of training"}


class Price(NamedTuple):
    """A method's final value, and what its whole training took, one replica's share.

    ``lost`` is how many of its seeds have no value: they diverged or failed.
    """

    method: str
    final: Interval
    seconds: float
    macs: float
    lost: int = 0

    def cost(self, measure: Measure) -> float:
        """In seconds or in multiply-adds."""
        return self.seconds if measure == "seconds" else self.macs


@dataclass(frozen=True)
class Prices:
    """A value of every method against what its training took.

    Attributes:
        value: by name.
        unit: of the value; "" where it has none.
        better: which way is better.
        measure: of the cost.
        points: method by method, in the suite's order.
        ends: between which values the value lies, as its metric declares.
        logarithmic: whether the value's axis is; None for as it fits.
    """

    value: str
    unit: str
    better: Better
    measure: Measure
    points: Sequence[Price]
    ends: Range = (None, None)
    logarithmic: bool | None = None

    @property
    def title(self) -> str:
        """The value, and which way is better."""
        return f"{self.value} ({self.better} is better)"

    @property
    def front(self) -> list[str]:
        """The Pareto front, cheapest first."""
        return front(self.points, self.better, self.measure)


def prices(board: Leaderboard, value: str) -> list[Price]:
    """Of every method that has both whole."""
    found = [(row, row.final[value], row.cost) for row in board.rows if value in row.final]
    return [
        Price(
            row.method,
            final,
            cost.updates * cost.total_seconds,
            cost.updates * cost.total.macs,
            row.seeds.lost,
        )
        for row, final, cost in found
        if cost and not isnan(cost.updates) and not final.partial
    ]


def front(prices: Sequence[Price], better: Better, cost: Measure) -> list[str]:
    """The methods that none is as cheap as and better, cheapest first: the Pareto front.

    No method is on it by the seeds that survived, unless all have lost some.
    """
    sign = 1 if better == "lower" else -1
    best, kept = float("inf"), []
    whole = [price for price in prices if not price.lost] or prices
    for price in sorted(whole, key=lambda p: (p.cost(cost), sign * p.final.mean)):
        if sign * price.final.mean < best:
            best = sign * price.final.mean
            kept.append(price.method)
    return kept


def priced(summary: Summary, board: Leaderboard, measure: Measure) -> list[Prices]:
    """Value by value of the main table, where a way is better and somebody has it at a cost."""
    found = []
    for value in summary.columns:
        points, better = prices(board, value), summary.better(value)
        points = [price for price in points if price.cost(measure) > 0]
        if points and better:
            unit, ends = summary.unit(value), summary.ends(value)
            found.append(Prices(value, unit, better, measure, points, ends))
    return found
