"""Whether configurations are distributed as they should be, and if not, as what else."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ebmbench.checks.oracle.enumeration import Array
from ebmbench.checks.oracle.likely_causes import LikelyCause

LEAST = 1e-5  # p-value below which p is rejected; seeds are fixed, so it does not flicker
RARE = 5.0  # states expected less often are put together


def p_value(index: NDArray[np.int64], p: Array) -> float:
    """Of a chi-square test of states against their probabilities."""
    from scipy import stats  # a second that ``ebmbench --help`` need not wait

    counts, expected = np.bincount(index, minlength=len(p)), p * len(index)
    common = expected >= RARE
    counts = np.append(counts[common], counts[~common].sum())
    expected = np.append(expected[common], expected[~common].sum())
    kept = expected > 1e-9
    if counts[~kept].any() or kept.sum() < 2:
        return float(not counts[~kept].any())
    return float(stats.chisquare(counts[kept], expected[kept], sum_check=False).pvalue)


def distance(index: NDArray[np.int64], p: Array) -> float:
    """Total variation between what was seen and p: 0 where they agree, 1 at the most."""
    seen = np.bincount(index, minlength=len(p)) / len(index)
    return float(abs(seen - p).sum() / 2)


def causes_of(index: NDArray[np.int64], found: Iterable[LikelyCause]) -> set[str]:
    """The mistakes whose distribution fits."""
    return {likely.cause for likely in found if p_value(index, likely.q) >= LEAST}
