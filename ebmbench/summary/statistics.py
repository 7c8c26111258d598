"""Paired comparisons over seeds: intervals, tests and verdicts. scipy does the work.

With d_s = method_s - baseline_s over the n seeds s that both have:

    interval      mean(d) +- t(n-1, 97.5 %) sd(d) / sqrt(n)        (Student 1908)
    improvement   #{s: method better} / n, ties counting half      (Agarwal et al. 2021, paired)
    p             share of the 2^n sign flips of d whose mean is at least as far from 0
                                                                   (Fisher 1935)
    family        step-down correction over the methods compared   (Holm 1979)

The verdict:

    equivalent     the interval lies inside +-margin; with margin 0 only if no seed differs
    better, worse  the t-test (the interval, seen from 0) holds at 5 % after Holm
    inconclusive   otherwise
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from math import floor, inf, isfinite, isnan, log10, nan, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

# scipy.stats is imported by each function that uses it: what shows no statistics does without.

LEVEL = 0.05  # of all intervals (1 - LEVEL) and tests
POWER = 0.8  # chance with which the seeds asked for would settle it
FEWEST_FOR_P = 6  # sign flips of fewer pairs cannot reach LEVEL: 2 / 2^5 > 5 %
RESAMPLES = 9_999  # all 2^n sign flips where they are fewer (n <= 13)
MOST_SEEDS = 1_000  # more are never asked for

Better = Literal["lower", "higher"]
Verdict = Literal["better", "worse", "equivalent", "inconclusive"]


@dataclass(frozen=True)
class Interval:
    """A mean of ``n`` values and its 95 % interval; NaN where n is too small for it."""

    mean: float
    low: float
    high: float
    n: int

    @property
    def half(self) -> float:
        """Half the interval's width."""
        return (self.high - self.low) / 2

    def __str__(self) -> str:
        """``0.0130 +- 0.0021``, with the sign for it; digits follow the half-width."""
        if isnan(self.mean):
            return "-"
        mean, half = in_digits(self.mean, self.half)
        return f"{mean} ± {half}" if half else mean


@dataclass(frozen=True)
class Comparison:
    """A method against a baseline on one value.

    Attributes:
        difference: method - baseline, paired by seed, in the value's unit.
        sd: standard deviation of the differences.
        percent: the mean difference in percent of the baseline's mean; NaN where that is 0.
        probability: of improvement: the share of seeds on which the method is better.
        p: sign-flip permutation test, two-sided; None below 6 pairs. Holm-corrected in a family.
        p_t: t-test, two-sided, which the verdict goes by. Holm-corrected in a family.
        family: methods compared at once.
        dropped: seeds left out because either side has no finite value.
        better: which way is better.
        margin: a difference not worth having, in the value's unit.
        verdict: see the module's docstring.
        more_seeds: that would settle an inconclusive comparison, should mean and sd stay as they
            are; None where it is settled, or no reasonable number would do.
    """

    difference: Interval
    sd: float
    percent: float
    probability: float
    p: float | None
    p_t: float
    family: int
    dropped: int
    better: Better
    margin: float
    verdict: Verdict = "inconclusive"
    more_seeds: int | None = None

    @property
    def pairs(self) -> int:
        """Seeds that both sides have."""
        return self.difference.n


def interval(values: ArrayLike) -> Interval:
    """The Student-t interval of the mean of the finite ``values``."""
    finite = _finite(values)
    n = len(finite)
    if n == 0:
        return Interval(nan, nan, nan, 0)
    mean = _mean(finite)
    half = _t(LEVEL / 2, n - 1) * _sd(finite) / sqrt(n) if n > 1 else nan
    return Interval(mean, mean - half, mean + half, n)


def compare(
    method: ArrayLike, baseline: ArrayLike, better: Better, margin: float | None = None
) -> Comparison:
    """``method`` against ``baseline``, paired by position.

    Args:
        method: one value per seed; NaN or infinite where there is none.
        baseline: the same seeds in the same order.
        better: which way is better.
        margin: half-width of the band that counts as equivalent. None is 0: two methods are then
            equivalent only if they agree exactly on every seed.
    """
    a, b = np.asarray(method, dtype=float), np.asarray(baseline, dtype=float)
    paired = np.isfinite(a) & np.isfinite(b)
    d, reference = a[paired] - b[paired], b[paired]
    return _judged(
        Comparison(
            difference=interval(d),
            sd=_sd(d),
            percent=_percent(d, reference),
            probability=_improvement(d, better),
            p=_sign_flip(d),
            p_t=_t_test(d),
            family=1,
            dropped=int((~paired).sum()),
            better=better,
            margin=margin or 0.0,
        )
    )


def correct(comparisons: Mapping[str, Comparison]) -> dict[str, Comparison]:
    """The comparisons as one family: p values corrected after Holm, verdicts judged anew."""
    p = holm({name: c.p for name, c in comparisons.items() if c.p is not None})
    p_t = holm({name: c.p_t for name, c in comparisons.items() if not isnan(c.p_t)})
    return {
        name: _judged(replace(c, p=p.get(name), p_t=p_t.get(name, nan), family=max(len(p_t), 1)))
        for name, c in comparisons.items()
    }


def seeds_to_tell(gap: float, sd: float, pairs: int, tail: float) -> int | None:
    """The fewest seeds beyond ``pairs`` that tell a ``gap`` from 0 at ``tail``, 4 times in 5.

    None where no reasonable number would.
    """
    from scipy import stats

    if isnan(sd):
        return None
    n = np.arange(pairs + 1, max(MOST_SEEDS, pairs) + 1)
    t = stats.t.isf(tail, n - 1) + stats.t.isf(1 - POWER, n - 1)
    settled = np.flatnonzero(t * sd / np.sqrt(n) < gap)
    return int(settled[0]) + 1 if len(settled) else None


def in_digits(mean: float, half: float) -> tuple[str, str]:
    """A mean and its half-width as text: two digits of the half-width, and as many of the mean.

    ``half`` NaN gives three digits of the mean and ``""``; one too narrow to be shown, ``<0.0001``.
    """
    if mean == 0 and not half > 0:
        return "0", "" if isnan(half) else "0"
    largest = max(abs(mean), 0.0 if isnan(half) else half)
    if largest and not 1e-4 <= largest < 1e5:
        power = floor(log10(largest))
        pair = in_digits(mean / 10.0**power, half / 10.0**power)
        return pair[0] + f"e{power}", pair[1] and pair[1] + f"e{power}"
    places = _places(half, 2) if half > 0 else _places(mean, 3)
    places = min(places, _places(largest, 5))  # a spuriously narrow interval: five digits do
    rounded = round(mean, places) + 0.0  # + 0.0: no "-0.00"
    return f"{rounded:.{places}f}", _half_text(half, places)


def _half_text(half: float, places: int) -> str:
    if isnan(half):
        return ""
    text = f"{half:.{places}f}"
    return "0" if not half else text if float(text) else f"<{10.0**-places:.{places}f}"


def _places(x: float, digits: int) -> int:
    if x == 0:
        return digits
    return max(0, digits - 1 - floor(log10(abs(float(f"{x:.{digits - 1}e}")))))


def _judged(c: Comparison) -> Comparison:
    verdict = _verdict(c)
    more = _more_seeds(c) if verdict == "inconclusive" else None
    return replace(c, verdict=verdict, more_seeds=more)


def _verdict(c: Comparison) -> Verdict:
    """NaNs (fewer than two pairs) fail every test and stay inconclusive."""
    if -c.margin <= c.difference.low and c.difference.high <= c.margin:
        return "equivalent"
    if c.p_t < LEVEL:
        return "better" if (c.difference.mean < 0) == (c.better == "lower") else "worse"
    return "inconclusive"


def _more_seeds(c: Comparison) -> int | None:
    """The fewest seeds beyond n whose interval would, 4 times in 5, leave 0 out or fit the margin.

    Holm is taken at its strictest (Bonferroni), so the number errs on the safe side.
    """
    mean = abs(c.difference.mean)
    differs = seeds_to_tell(mean, c.sd, c.pairs, LEVEL / c.family / 2)
    same = seeds_to_tell(c.margin - mean, c.sd, c.pairs, LEVEL / 2)
    return min((n for n in (differs, same) if n is not None), default=None)


def _sign_flip(d: NDArray[np.float64]) -> float | None:
    from scipy import stats

    if len(d) < FEWEST_FOR_P:
        return None
    test = stats.permutation_test(
        (d,),
        np.mean,
        permutation_type="samples",
        n_resamples=RESAMPLES,
        vectorized=True,
        random_state=np.random.default_rng(0),
    )
    return float(test.pvalue)


def _t_test(d: NDArray[np.float64]) -> float:
    """Two-sided p; without any variance a difference is certain, and so is its absence."""
    from scipy import stats

    if len(d) < 2:
        return nan
    mean, sd = abs(_mean(d)), _sd(d)
    t = mean * sqrt(len(d)) / sd if sd else (inf if mean else 0.0)
    return float(2 * stats.t.sf(t, len(d) - 1))


def p_worse(loss: ArrayLike) -> float:
    """One-sided t-test of paired losses: how likely a mean as large is, were none to be expected.

    NaN below two pairs; without any variance a loss is certain, and so is its absence.
    """
    d = _finite(loss)
    p = _t_test(d)
    return p / 2 if len(d) and _mean(d) > 0 else 1 - p / 2


def holm(p: Mapping[str, float]) -> dict[str, float]:
    """Each p times the number of hypotheses not rejected before it, never decreasing."""
    corrected, largest = {}, 0.0
    for rank, name in enumerate(sorted(p, key=lambda name: p[name])):
        largest = max(largest, min(1.0, p[name] * (len(p) - rank)))
        corrected[name] = largest
    return corrected


def _improvement(d: NDArray[np.float64], better: Better) -> float:
    if len(d) == 0:
        return nan
    wins = d < 0 if better == "lower" else d > 0
    return float(np.mean(wins + 0.5 * (d == 0)))


def _percent(d: NDArray[np.float64], reference: NDArray[np.float64]) -> float:
    scale = abs(_mean(reference)) if len(d) else 0.0
    percent = 100 * _mean(d) / scale if scale else nan
    return percent if isfinite(percent) else nan


def _mean(x: NDArray[np.float64]) -> float:
    """The mean; of equal values exactly that value, which a rounded sum need not be."""
    return float(x[0] if np.ptp(x) == 0 else np.mean(x))


def _sd(x: NDArray[np.float64]) -> float:
    if len(x) < 2:
        return nan
    return 0.0 if np.ptp(x) == 0 else float(np.std(x, ddof=1))


def _finite(values: ArrayLike) -> NDArray[np.float64]:
    x: NDArray[np.float64] = np.asarray(values, dtype=float)
    finite: NDArray[np.float64] = x[np.isfinite(x)]
    return finite


@cache
def _t(tail: float, degrees: int) -> float:
    from scipy import stats

    return float(stats.t.isf(tail, degrees))
