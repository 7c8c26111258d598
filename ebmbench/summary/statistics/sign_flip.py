"""The sign-flip test: a second opinion that assumes nothing about the distribution."""

from __future__ import annotations

from math import ceil, log2

import numpy as np
from numpy.typing import NDArray

from ebmbench.summary.statistics.interval import LEVEL
from ebmbench.summary.statistics.mean import in_range

RESAMPLES = 9_999  # all 2^n sign flips where they are fewer (n <= 13)


def fewest_for_sign_flips(family: int) -> int:
    """The fewest pairs at which it can reach 5 % among ``family`` tests: 2^(1-n) family <= 5 %.

    6 alone, 7 for 2 or 3, 8 for 4 to 6, 9 for 7 to 12.
    """
    return ceil(1 + log2(max(family, 1) / LEVEL))


def sign_flip(d: NDArray[np.float64]) -> float:
    """The share of the 2^n sign flips of d whose mean is as far from 0 (Fisher 1935)."""
    from scipy import stats

    test = stats.permutation_test(
        (in_range(d)[0],),
        np.mean,
        permutation_type="samples",
        n_resamples=RESAMPLES,
        vectorized=True,
        random_state=np.random.default_rng(0),
    )
    return float(test.pvalue)
