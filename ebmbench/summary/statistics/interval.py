"""A mean with its 95 % interval."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, isnan, nan

import numpy as np
from numpy.typing import ArrayLike

from ebmbench.summary.statistics.bounds import UNKNOWN, Bounds
from ebmbench.summary.statistics.digits import in_digits
from ebmbench.summary.statistics.mean import Mean, hidden_share

LEVEL = 0.05  # of all intervals (1 - LEVEL) and tests


@dataclass(frozen=True)
class Interval:
    """A mean of ``n`` values and its interval; NaN where n is too small for it.

    Attributes:
        of: how many values there should be: seeds that ended well; 0 if it is n.
        tied: how many of the n are one and the same, where that is half or more.
    """

    mean: float
    low: float
    high: float
    n: int
    of: int = 0
    tied: int = 0

    @property
    def half(self) -> float:
        """Half the interval's width."""
        return (self.high - self.low) / 2

    @property
    def partial(self) -> bool:
        """Whether some seeds that ended well have no value: not ranked, and not judged."""
        return self.n < self.of

    @property
    def equal(self) -> bool:
        """Whether all values, at least two, are one and the same."""
        return 1 < self.n == self.tied

    @property
    def hidden(self) -> float:
        """The share of all seeds that may differ, where all that were met are equal."""
        return hidden_share(self.n)

    @property
    def around(self) -> str:
        """What stands behind the mean.

        ``± 0.002``; ``(0 to 0.03)`` where it is not symmetric; ``on 5 of 5 seeds (up to 52 % of
        seeds may differ)``; and ``(4 of 6)`` where seeds have no value.
        """
        return " ".join(filter(None, [self.width, self.share if self.partial else ""]))

    @property
    def width(self) -> str:
        """``± 0.002``, ``(0 to 0.03)`` or ``on 5 of 5 seeds (up to 52 % of seeds may differ)``.

        Without the brackets where sides are known to be the same: no seed may differ then.
        """
        if self.low == self.high and not self.tied:
            return f"on {self.n} of {self.n} seeds"
        if self.equal:
            share = f"up to {100 * self.hidden:.0f} % of seeds may differ"
            return f"on {self.n} of {self.n} seeds ({share})"
        if isnan(self.mean) or not isfinite(self.half):
            return ""
        if self._symmetric:
            return f"± {in_digits(self.mean, self.half)[1]}"
        return f"({_end(self.low)} to {_end(self.high)})"

    @property
    def share(self) -> str:
        """``(4 of 6)``: of how many seeds that ended well it is."""
        return f"({self.n} of {max(self.n, self.of)})"

    @property
    def mean_text(self) -> str:
        """The mean; digits follow the interval."""
        return "-" if isnan(self.mean) else in_digits(self.mean, self._shown_half)[0]

    def __str__(self) -> str:
        """``0.0130 ± 0.0021``, with the sign for it; digits follow the half-width."""
        return f"{self.mean_text} {self.around}".rstrip()

    @property
    def mirrored(self) -> Interval:
        """Of the negative values."""
        return Interval(-self.mean, -self.high, -self.low, self.n, self.of, self.tied)

    @property
    def _symmetric(self) -> bool:
        up, down = self.high - self.mean, self.mean - self.low
        return abs(up - down) <= 1e-6 * max(up, down)

    @property
    def _shown_half(self) -> float:
        if self.equal or not isfinite(self.half):
            return nan
        narrower = min(self.high - self.mean, self.mean - self.low)
        return self.half if self._symmetric else narrower or nan


def interval(values: ArrayLike, bounds: Bounds = UNKNOWN, of: int = 0) -> Interval:
    """The 95 % interval of the mean of the finite ``values``, of ``of`` that there should be."""
    x = np.asarray(values, dtype=float)
    return interval_of(Mean.of(x[np.isfinite(x)], bounds), of=of)


def interval_of(known: Mean, tail: float = LEVEL / 2, of: int = 0) -> Interval:
    """The interval that leaves out ``tail`` on either side."""
    n = int(known.n)
    low, high = (float(known.low(tail)), float(known.high(tail))) if n > 1 else (nan, nan)
    return Interval(known.mean, low, high, n, of, known.tied)


def _end(x: float) -> str:
    return f"{x + 0.0:.3g}"
