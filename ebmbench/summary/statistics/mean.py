"""The ends of a mean's interval, whatever the level; tied values are not taken for certainty.

With n values x, at a tail a (2.5 % for an interval of 95 %):

    mean(x) +- t(n-1, a) sd(x) / sqrt(n)                                        (Student 1908)

Where half or more of the values are one and the same number m, their standard deviation says
nothing of the values that were not met. Then the upper end s goes on to the nearer of

    max(s, m + C(k, n, a) (most - m))      s + C(0, n, a) (most - s)  (Clopper and Pearson 1934)

where k values lie above m, ``most`` is the bound of the value, and C(k, n, a) is the largest share
of seeds of which k or fewer are met in n with probability a; C(0, n, a) = 1 - a^(1/n): of 5 equal
seeds up to 52 % of all may differ, of 30 up to 12 %. The first puts all that differ at the bound,
as E x <= m + P(x > m) (most - m); the second takes those met as they are, and puts at the bound
what may not have been met. The lower end likewise. Of values of two kinds, whatever they are and
however rare, such an interval holds the mean with 95 % at least (exact, tests/summary).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import frexp, inf, nan, sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ebmbench.summary.statistics.bounds import UNKNOWN, Bounds

MOST_SQUARED = 1e150  # beyond, the sum of squares may overflow
ROUNDING = 1e-9  # numbers that differ by less, relative to the largest, are one and the same

# scipy is imported by each function that uses it: what shows no statistics does without.


@dataclass(frozen=True)
class Mean:
    """What is known of the mean of ``n`` values; the ends are computed at any n, arrays too.

    Attributes:
        sd: standard deviation of the values; NaN for a single one.
        tied: how many values are one and the same, where that is half or more, and two or more.
        least_mode, most_mode: that value; two of them where half are one and half another.
        above, below: the shares of values above ``least_mode`` and below ``most_mode``.
    """

    n: Any
    mean: float
    sd: float
    bounds: Bounds
    tied: int = 0
    least_mode: float = nan
    most_mode: float = nan
    above: float = 0.0
    below: float = 0.0

    @classmethod
    def of(cls, values: ArrayLike, bounds: Bounds = UNKNOWN, scale: float = 0.0) -> Mean:
        """Of finite values; those that differ by rounding, of numbers up to ``scale``, are tied."""
        x = np.sort(np.asarray(values, dtype=float))
        n, known = len(x), cls(len(x), mean(x), sd(x), bounds)
        if n < 2:
            return known
        middle = x[(n - 1) // 2], x[n // 2]  # what half of the values are lies in the middle
        rounding = ROUNDING * max(scale, float(np.abs(x).max()))
        counts = [int((np.abs(x - m) <= rounding).sum()) for m in middle]
        modes = [m for m, count in zip(middle, counts, strict=True) if 2 * count >= n and count > 1]
        if not modes:
            return known
        low, high = float(min(modes)), float(max(modes))
        above, below = float((x > low + rounding).mean()), float((x < high - rounding).mean())
        return cls(n, known.mean, known.sd, bounds, max(counts), low, high, above, below)

    def high(self, tail: float, power: float = 0.0) -> Any:
        """The upper end, which the mean exceeds with probability ``tail`` at the most.

        ``power`` widens Student's part by so many standard errors more, for planning.
        """
        end = self.mean + self._reach(tail, power)
        if self.tied:
            unmet = _stretched(end, self.bounds.most, most_share(0, self.n, tail))
            share = most_share(self.above * self.n, self.n, tail)
            at_bound = _stretched(self.least_mode, self.bounds.most, share)
            end = np.minimum(np.maximum(end, at_bound), unmet)
        return np.minimum(end, max(self.bounds.high, self.mean))

    def low(self, tail: float, power: float = 0.0) -> Any:
        """The lower end."""
        end = self.mean - self._reach(tail, power)
        if self.tied:
            unmet = -_stretched(-end, -self.bounds.least, most_share(0, self.n, tail))
            share = most_share(self.below * self.n, self.n, tail)
            at_bound = -_stretched(-self.most_mode, -self.bounds.least, share)
            end = np.maximum(np.minimum(end, at_bound), unmet)
        return np.maximum(end, min(self.bounds.low, self.mean))

    def _reach(self, tail: float, power: float) -> Any:
        return (t_at(tail, self.n - 1) + power) * (self.sd / np.sqrt(self.n))


def most_share(k: Any, n: Any, tail: float) -> Any:
    """C(k, n, tail): the largest share that shows k or fewer times in n with probability ``tail``.

    Clopper and Pearson 1934.
    """
    from scipy import special

    return special.betaincinv(k + 1, n - k, 1 - tail) if tail > 0 else 1.0


def hidden_share(n: int) -> float:
    """The share of all seeds that may differ where ``n`` are equal, at 95 %: 1 - 0.025^(1/n)."""
    return float(most_share(0, n, 0.025))


def t_at(tail: float, degrees: Any) -> Any:
    """The point that Student's t exceeds with probability ``tail``."""
    from scipy import special

    return -special.stdtrit(degrees, tail)


def t_tail(mean: float, sd: float, n: int) -> float:
    """The probability that Student's t exceeds mean sqrt(n) / sd; certain where nothing varies."""
    from scipy import special

    t = mean / sd * sqrt(n) if sd else inf * mean if mean else 0.0
    return float(special.stdtr(n - 1, -t))


def mean(x: NDArray[np.float64]) -> float:
    """The mean; of equal values exactly that value, which a rounded sum need not be."""
    if len(x) == 0:
        return nan
    y, unit = in_range(x)
    return float(x[0] if np.ptp(y) == 0 else unit * np.mean(y))


def sd(x: NDArray[np.float64]) -> float:
    """The standard deviation; NaN below two values."""
    if len(x) < 2:
        return nan
    y, unit = in_range(x)
    return 0.0 if np.ptp(y) == 0 else unit * float(np.std(y, ddof=1))


def in_range(x: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """y and a power of 2, x = y times it, so that sums and squares of y overflow nowhere."""
    largest = float(np.abs(x).max(initial=0.0))
    unit = 1.0 if largest < MOST_SQUARED else 2.0 ** (frexp(largest)[1] - 1)
    return x / unit, unit


def _stretched(x: Any, most: float, share: Any) -> Any:
    """From ``x`` a share of the way up to ``most``; not at all where it lies beyond."""
    return x + share * np.maximum(most - x, 0.0)
