"""What paired seeds say of a mean difference: its ends at any level, and its p.

With d_s = method_s - baseline_s over the seeds s on which both have a value:

    ends at tail a    those of mean(d), see ``mean``; where a side's values are tied, no narrower
                      than high(method) - low(baseline), and low(method) - high(baseline)
    lost seeds        a seed that diverged or failed counts against its own method: an end that
                      would let the method win goes as far as with its lost seeds at the worst
                      value; the other side's lost seeds are left out there
    p                 twice the tail at which the interval's end reaches 0

So the interval at 1 - a leaves out 0 where p < a, and only there.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, isfinite, log, nan
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ebmbench.summary.statistics.bounds import UNKNOWN, Better, Bounds
from ebmbench.summary.statistics.interval import Interval
from ebmbench.summary.statistics.mean import Mean, mean, sd, t_tail

LOST = inf  # the value of a seed that diverged or failed; NaN for one that is not there
FEWEST_PAIRS = 3  # no verdict below: two seeds agree by chance half the time
SMALLEST_TAIL = 1e-15  # smaller ones are not told apart


@dataclass(frozen=True)
class Pairs:
    """Two sides of equal length, all finite."""

    method: Mean
    baseline: Mean
    difference: Mean

    @classmethod
    def of(cls, a: NDArray[np.float64], b: NDArray[np.float64], bounds: Bounds) -> Pairs:
        """Seed by seed. Sides that vary and agree on every seed are one and the same."""
        method, baseline = Mean.of(a, bounds), Mean.of(b, bounds)
        d = differences(a, b)
        if d.any() or method.tied:
            scale = float(np.abs([a, b]).max(initial=0.0))
            return cls(method, baseline, Mean.of(d, bounds.of_differences, scale))
        return cls(method, baseline, Mean(len(d), mean(d), sd(d), bounds))

    @property
    def tied(self) -> bool:
        """Whether half or more of the values of a side, or of the differences, are the same."""
        return bool(self.method.tied or self.baseline.tied or self.difference.tied)

    def high(self, tail: float, power: float = 0.0) -> Any:
        """The upper end."""
        end = self.difference.high(tail, power)
        if self.method.tied or self.baseline.tied:
            end = np.maximum(end, self.method.high(tail) - self.baseline.low(tail))
        return end

    def low(self, tail: float, power: float = 0.0) -> Any:
        """The lower end."""
        end = self.difference.low(tail, power)
        if self.method.tied or self.baseline.tied:
            end = np.minimum(end, self.method.low(tail) - self.baseline.high(tail))
        return end

    def at(self, n: Any) -> Pairs:
        """What as many other seeds of the same kind would say."""
        sides = (self.method, self.baseline, self.difference)
        return Pairs(*(Mean(**{**vars(side), "n": n}) for side in sides))


@dataclass(frozen=True)
class Evidence:
    """What the seeds of a method say against those of its baseline.

    Attributes:
        d, reference: differences and the baseline's values, on the seeds that both have.
        plain: those pairs.
        upper, lower: the pairs that bound the difference; None where a lost seed may count as
            anything.
        lost: seeds that the method lost and the baseline did not, and the other way round.
        unpaired: seeds that are not there on a side.
        same: both sides are known to be made of the same numbers.
    """

    d: NDArray[np.float64]
    reference: NDArray[np.float64]
    plain: Pairs
    upper: tuple[Pairs | None, ...]
    lower: tuple[Pairs | None, ...]
    lost: tuple[int, int]
    unpaired: int
    better: Better
    same: bool = False

    @property
    def mean(self) -> float:
        """Of the differences."""
        return self.plain.difference.mean

    @property
    def judged(self) -> bool:
        """Whether there are pairs enough for a verdict."""
        return self.same or len(self.d) >= FEWEST_PAIRS

    @property
    def p(self) -> float:
        """Two-sided; NaN below three pairs."""
        if self.same or not self.judged:
            return 1.0 if self.same else nan
        sign = -1 if self.mean < 0 else 1
        return min(1.0, 2 * self._tail(sign))

    @property
    def p_worse(self) -> float:
        """One-sided t-test: how likely a loss of the mean's size is, had nothing changed.

        Then both sides have one distribution, and tied values are tied on both: what may not have
        been met is on either side alike.
        """
        if self.same or not self.judged:
            return 1.0 if self.same else nan
        d, sign = self.plain.difference, 1 if self.better == "lower" else -1
        return t_tail(sign * d.mean, d.sd, int(d.n))

    def interval(self, tail: float) -> Interval:
        """The mean difference and its ends; NaN below two pairs."""
        n, tied = len(self.d), self.plain.difference.tied
        if self.same:
            return Interval(0.0, 0.0, 0.0, n)
        if n < 2:
            return Interval(self.mean, nan, nan, n)
        return Interval(self.mean, self.low(tail), self.high(tail), n, tied=tied * self._plainly)

    def high(self, tail: float) -> float:
        """The upper end."""
        return max(inf if case is None else float(case.high(tail)) for case in self.upper)

    def low(self, tail: float) -> float:
        """The lower end."""
        return min(-inf if case is None else float(case.low(tail)) for case in self.lower)

    @property
    def _plainly(self) -> bool:
        return len(self.upper) == len(self.lower) == 1

    def _tail(self, sign: int) -> float:
        """The smallest tail at which the interval lies on the mean's side of 0."""
        if self.mean == 0:
            return 0.5
        if self._plainly and not self.plain.tied:
            d = self.plain.difference
            return t_tail(abs(d.mean), d.sd, int(d.n))

        def clear(tail: float) -> bool:
            return self.low(tail) > 0 if sign > 0 else self.high(tail) < 0

        if not clear(0.5):
            return 0.5
        small, large = log(SMALLEST_TAIL), log(0.5)
        while large - small > 1e-6:
            middle = (small + large) / 2
            small, large = (small, middle) if clear(exp(middle)) else (middle, large)
        return exp(large)


def evidence(
    method: ArrayLike,
    baseline: ArrayLike,
    better: Better,
    bounds: Bounds = UNKNOWN,
    same: bool = False,
) -> Evidence:
    """What ``method`` against ``baseline``, paired by position, is judged by.

    Args:
        method: one value per seed; NaN where it is not there, :data:`LOST` where it was lost.
        baseline: the same seeds in the same order.
        better: which way is better.
        bounds: between which values both lie.
        same: both are known to be made of the same numbers, so that equal values are no chance.
    """
    a, b = np.asarray(method, dtype=float), np.asarray(baseline, dtype=float)
    both = np.isfinite(a) & np.isfinite(b)
    plain = Pairs.of(a[both], b[both], bounds)
    mine = _with_lost(a, b, bounds.worst(better), bounds)
    theirs = _with_lost(b, a, bounds.worst(better), bounds)
    if better == "lower":  # the method wins below 0: its own lost seeds bound it from above
        upper, lower = mine, [each and _turned(each) for each in theirs]
    else:
        upper, lower = [each and _turned(each) for each in theirs], mine
    return Evidence(
        d=differences(a[both], b[both]),
        reference=b[both],
        plain=plain,
        upper=(plain, *upper),
        lower=(plain, *lower),
        lost=(int((np.isinf(a) & np.isfinite(b)).sum()), int((np.isinf(b) & np.isfinite(a)).sum())),
        unpaired=int((np.isnan(a) ^ np.isnan(b)).sum()),
        better=better,
        same=same,
    )


def differences(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """a - b; the largest number that there is, with its sign, where it is larger than any."""
    with np.errstate(over="ignore"):
        return np.nan_to_num(a - b)


def _with_lost(
    mine: NDArray[np.float64], theirs: NDArray[np.float64], worst: float, bounds: Bounds
) -> list[Pairs | None]:
    """The pairs with ``mine``'s lost seeds at the worst; nothing where it lost none."""
    lost = np.isinf(mine)
    if not lost.any():
        return []
    if not isfinite(worst):
        return [None]
    pairs = (np.isfinite(mine) & np.isfinite(theirs)) | (lost & ~np.isnan(theirs))
    x, y = (np.where(np.isinf(side), worst, side)[pairs] for side in (mine, theirs))
    return [Pairs.of(x, y, bounds)]


def _turned(pairs: Pairs) -> Pairs:
    """The pairs seen from the other side."""
    d = pairs.difference
    turned = Mean(
        d.n, -d.mean, d.sd, d.bounds, d.tied, -d.most_mode, -d.least_mode, d.below, d.above
    )
    return Pairs(pairs.baseline, pairs.method, turned)
