"""Between which values a value lies: what its metric declares, and what was seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, isfinite
from typing import Literal

Better = Literal["lower", "higher"]


@dataclass(frozen=True)
class Bounds:
    """Between which values a value lies.

    Attributes:
        low, high: the ends that its metric declares, infinite where it declares none; no interval
            goes beyond them.
        least, most: the smallest and the largest value to reckon with in seeds that were not seen,
            or lost: the declared ends, infinite where there is none. The worse end is the worst
            value that any method had on the dataset at any moment if untrained models are among
            those seen: a seed that learns nothing is no worse.
    """

    low: float = -inf
    high: float = inf
    least: float = -inf
    most: float = inf

    @classmethod
    def of(
        cls,
        low: float | None,
        high: float | None,
        seen: Iterable[float] = (),
        untrained: Better | None = None,
    ) -> Bounds:
        """From the declared ends, None for none, and the values seen.

        Args:
            seen: what any method had at any moment.
            untrained: which way is better, if values of untrained models are among those seen.
        """
        known = [x for x in seen if isfinite(x)]
        low, high = (-inf if low is None else low), (inf if high is None else high)
        least = max(low, min(known)) if known and untrained == "higher" else low
        most = min(high, max(known)) if known and untrained == "lower" else high
        return cls(low, high, least, most)

    @property
    def of_differences(self) -> Bounds:
        """Of the difference between two values of the kind."""
        return Bounds(
            self.low - self.high, self.high - self.low, self.least - self.most,
            self.most - self.least,
        )  # fmt: skip

    def worst(self, better: Better) -> float:
        """What a lost seed counts as."""
        return self.most if better == "lower" else self.least


UNKNOWN = Bounds()
