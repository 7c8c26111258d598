"""The sign-flip test: a second opinion that assumes nothing about the distribution."""

from __future__ import annotations

from functools import cache
from math import ceil, log2

import numpy as np
from numpy.typing import NDArray

from ebmbench.summary.statistics.interval import LEVEL
from ebmbench.summary.statistics.mean import in_range

RESAMPLES = 9_999  # all 2^n sign flips where they are fewer (n <= 13)
NUMBERS_AT_ONCE = 2_000_000  # of those that are drawn
ROUNDING = 1e-14  # of the sum of all sizes: sums that differ by less are equal


def fewest_for_sign_flips(family: int) -> int:
    """The fewest pairs at which it can reach 5 % among ``family`` tests: 2^(1-n) family <= 5 %.

    6 alone, 7 for 2 or 3, 8 for 4 to 6, 9 for 7 to 12.
    """
    return ceil(1 + log2(max(family, 1) / LEVEL))


def sign_flip(d: NDArray[np.float64]) -> float:
    """The share of the 2^n sign flips of d whose mean is as far from 0 (Fisher 1935).

    Of RESAMPLES flips drawn at random where there are more, d itself counted in.
    """
    values = in_range(d)[0]
    n = len(values)
    if 2**n <= RESAMPLES:
        return _share(_all_signs(n) @ values, values)
    rng, at_once = np.random.default_rng(0), max(1, NUMBERS_AT_ONCE // n)
    sizes = [min(at_once, RESAMPLES - done) for done in range(0, RESAMPLES, at_once)]
    drawn = [2 * rng.integers(0, 2, (size, n), dtype=np.int8) - 1 for size in sizes]
    return _share(np.concatenate([values.sum(keepdims=True), *(s @ values for s in drawn)]), values)


@cache
def _all_signs(n: int) -> NDArray[np.float64]:
    bits = (np.arange(2**n)[:, None] >> np.arange(n)) & 1  # (2^n, n)
    return 1 - 2 * bits.astype(np.float64)


def _share(sums: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    """Of sums that lie as far out on one side as that of the values; twice, for both sides."""
    found, rounding = values.sum(), ROUNDING * np.abs(values).sum()
    below, above = (sums <= found + rounding).mean(), (sums >= found - rounding).mean()
    return min(1.0, 2 * float(min(below, above)))
