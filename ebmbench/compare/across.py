"""A method's change over several datasets, as one number with its interval.

Values of different datasets have different sizes, so a seed's change is taken relative to the
base's mean on its dataset. The interquartile mean over datasets and seeds (the mean of the middle
half) and its bootstrap interval, stratified by dataset, are those of Agarwal et al. 2021, "Deep
reinforcement learning at the edge of the statistical precipice". A bootstrap knows of the seeds
that were met and of no others: with few of them, with tied values or with lost seeds on some
dataset there is no verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ebmbench.compare.matched import Matched
from ebmbench.summary.statistics import LEVEL, Better, Interval, Verdict

RESAMPLES = 2_000


@dataclass(frozen=True)
class Across:
    """A value of a method over all datasets.

    Attributes:
        change: interquartile mean of (head - base) / |mean base|, in per cent.
        judged: whether the seeds of every dataset allow a verdict.
    """

    method: str
    value: str
    datasets: int
    better: Better
    change: Interval
    judged: bool

    @property
    def verdict(self) -> Verdict:
        """Whether the interval leaves 0 out, and on which side."""
        low, high = self.change.low, self.change.high
        if low == high == 0:
            return "equivalent"
        if low <= 0 <= high or not self.judged:
            return "inconclusive"
        return "better" if (high < 0) == (self.better == "lower") else "worse"


def across_datasets(matched: Sequence[Matched]) -> list[Across]:
    """Of every value and method that at least two datasets have, their bases not 0."""
    groups: dict[tuple[str, str], list[Matched]] = {}
    for each in matched:
        groups.setdefault((each.method, each.value), []).append(each)
    found = (_across(group) for group in groups.values())
    return [each for each in found if each]


def interquartile_mean(x: NDArray[np.float64]) -> float:
    """The mean of the middle half."""
    from scipy import stats

    return float(stats.trim_mean(x, 0.25))


def _across(group: Sequence[Matched]) -> Across | None:
    changes = [100 * _change(each) for each in group if each.means[0].mean]
    if len(changes) < 2:
        return None
    first, judged = group[0], all(map(_judged, group))
    return Across(first.method, first.value, len(changes), first.better, _interval(changes), judged)


def _judged(m: Matched) -> bool:
    """Whether a bootstrap over the seeds says something of others."""
    found = m.evidence
    return found.same or (found.judged and not found.plain.tied and found.lost == (0, 0))


def _change(m: Matched) -> NDArray[np.float64]:
    """Relative to the base's mean, (seeds,)."""
    change: NDArray[np.float64] = (m.head - m.base)[m.paired] / abs(m.means[0].mean)
    return change


def _interval(strata: Sequence[NDArray[np.float64]]) -> Interval:
    """The interquartile mean with its percentile interval over resampled seeds per stratum."""
    from scipy import stats

    rng = np.random.default_rng(0)
    drawn = np.concatenate(
        [x[rng.integers(len(x), size=(RESAMPLES, len(x)))] for x in strata], axis=1
    )  # (resamples, all seeds)
    means = stats.trim_mean(drawn, 0.25, axis=1)
    low, high = np.quantile(means, (LEVEL / 2, 1 - LEVEL / 2))
    together = np.concatenate(strata)
    return Interval(interquartile_mean(together), float(low), float(high), len(together))
