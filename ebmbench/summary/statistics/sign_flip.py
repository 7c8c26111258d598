"""The sign-flip test: a second opinion that assumes nothing about the distribution."""

from __future__ import annotations

from math import ceil, log2

import numpy as np
from numpy.typing import NDArray

from ebmbench.summary.statistics.interval import LEVEL
from ebmbench.summary.statistics.mean import in_range

RESAMPLES = 9_999  # all 2^n sign flips where they are fewer (n <= 13)

NUMBERS_AT_ONCE = 2_000_000  # of those that are drawn


def fewest_for_sign_flips(family: int) -> int:
    """The fewest pairs at which it can reach 5 % among ``family`` tests: 2^(1-n) family <= 5 %.

    6 alone, 7 for 2 or 3, 8 for 4 to 6, 9 for 7 to 12.
    """
    return ceil(1 + log2(max(family, 1) / LEVEL))


def sign_flip(d: NDArray[np.float64]) -> float:
    """The share of the 2^n sign flips of d whose mean is as far from 0 (Fisher 1935)."""
    from scipy import stats

    values = in_range(d)[0]
    if 2 ** len(values) > RESAMPLES:
        return _of_some_flips(values)
    test = stats.permutation_test(
        (values,), np.mean, permutation_type="samples", n_resamples=RESAMPLES, vectorized=True
    )
    return float(test.pvalue)


def _of_some_flips(values: NDArray[np.float64]) -> float:
    """The same from RESAMPLES of the flips, drawn at random."""
    from scipy import stats

    rng = np.random.default_rng(0)

    def flipped(size: tuple[int, ...]) -> NDArray[np.float64]:
        return values * (2 * rng.integers(0, 2, size, dtype=np.int8) - 1)

    test = stats.monte_carlo_test(
        values,
        flipped,
        np.mean,
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=max(1, NUMBERS_AT_ONCE // len(values)),
    )
    return float(test.pvalue)
