"""Verdicts: a method against a baseline, alone or in a family."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from math import isfinite, isnan, nan
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ebmbench.summary.statistics.bounds import UNKNOWN, Better, Bounds
from ebmbench.summary.statistics.evidence import Evidence, evidence
from ebmbench.summary.statistics.holm import factors, holm
from ebmbench.summary.statistics.interval import LEVEL, Interval
from ebmbench.summary.statistics.mean import mean
from ebmbench.summary.statistics.more_seeds import (
    UNSETTLED,
    fewest,
    more_to_differ,
    more_to_lie_within,
)
from ebmbench.summary.statistics.sign_flip import fewest_for_sign_flips, sign_flip

Verdict = Literal["better", "worse", "equivalent", "inconclusive"]
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Comparison:
    """A method against a baseline on one value.

    Attributes:
        difference: method - baseline, paired by seed, in the value's unit, with the interval that
            the verdict goes by.
        confidence: of that interval: 95 %, and more in a family.
        sd: standard deviation of the differences.
        percent: the mean difference in percent of the baseline's mean; NaN where that is 0.
        probability: of improvement: the share of seeds on which the method is better.
        p: two-sided, Holm-corrected in a family, which the verdict goes by; NaN below 3 pairs.
        p_flip: the sign-flip test's, likewise; None where it cannot reach 5 % in the family.
        family: comparisons judged at once.
        lost, baseline_lost: seeds that diverged or failed on this side alone.
        dropped: seeds left out because they are not there on a side.
        tied: whether half or more of a side's values, or of the differences, are the same.
        better: which way is better.
        margin: a difference not worth having, in the value's unit.
        verdict: see the package's docstring.
        more_seeds: that would settle an inconclusive comparison, should mean and sd stay as they
            are; None where it is settled, or no reasonable number would do.
        more_between: what that guess would be for an sd at either end of its own 95 % interval.
    """

    difference: Interval
    confidence: float
    sd: float
    percent: float
    probability: float
    p: float
    p_flip: float | None
    family: int
    lost: int
    baseline_lost: int
    dropped: int
    tied: bool
    better: Better
    margin: float
    verdict: Verdict = "inconclusive"
    more_seeds: int | None = None
    more_between: tuple[int | None, int | None] = (None, None)

    @property
    def pairs(self) -> int:
        """Seeds that both sides have."""
        return self.difference.n


@dataclass(frozen=True)
class Question:
    """A comparison to be judged.

    Attributes:
        margin: half-width of the band that counts as equivalent.
        chosen_of: how many could have been asked in its place: the method was picked after the
            fact as the best of so many, by what p is multiplied before all else.
        about: questions about the same, the other way round, count once in a family.
    """

    evidence: Evidence
    margin: float = 0.0
    chosen_of: int = 1
    about: Hashable = None


def compare(
    method: ArrayLike,
    baseline: ArrayLike,
    better: Better,
    margin: float | None = None,
    bounds: Bounds = UNKNOWN,
) -> Comparison:
    """``method`` against ``baseline``, paired by position, alone.

    Args:
        method: one value per seed; NaN where it is not there, infinite where the seed was lost.
        baseline: the same seeds in the same order.
        better: which way is better.
        margin: None is 0: two methods are then equivalent only if they agree on every seed.
        bounds: between which values both lie.
    """
    found = evidence(method, baseline, better, bounds)
    return judge({"": Question(found, margin or 0.0)})[""]


def judge(questions: Mapping[K, Question]) -> dict[K, Comparison]:
    """All of them as one family, corrected after Holm."""
    about = {k: k if q.about is None else q.about for k, q in questions.items()}
    hypotheses = {about[k]: q for k, q in questions.items() if q.evidence.judged}
    by = factors({h: q.evidence.p * q.chosen_of for h, q in hypotheses.items()})
    flips = _sign_flips(hypotheses)
    return {
        k: _judged(
            q, by.get(about[k], 1.0) * q.chosen_of, max(len(hypotheses), 1), flips.get(about[k])
        )
        for k, q in questions.items()
    }


def _sign_flips(questions: Mapping[Hashable, Question]) -> dict[Hashable, float]:
    """Corrected; nothing where some pairs are too few to reach 5 % among so many."""
    tests = {k: q for k, q in questions.items() if not q.evidence.same}
    needed = fewest_for_sign_flips(sum(q.chosen_of for q in tests.values()))
    if any(len(q.evidence.d) < needed for q in tests.values()):
        return {}
    return holm({k: min(1.0, sign_flip(q.evidence.d) * q.chosen_of) for k, q in tests.items()})


def _judged(q: Question, factor: float, family: int, p_flip: float | None) -> Comparison:
    found, tail = q.evidence, LEVEL / 2 / max(factor, 1.0)
    difference = found.interval(tail)
    p = min(found.p * factor, 1.0)  # in this order NaN stays NaN
    verdict = _verdict(found, difference, p, q.margin)
    more = UNSETTLED
    if verdict == "inconclusive" and found.judged:
        margins = more_to_lie_within(found, -q.margin, q.margin, tail) if q.margin else UNSETTLED
        more = fewest(more_to_differ(found, tail), margins)
    return Comparison(
        difference=difference,
        confidence=1 - 2 * tail,
        sd=found.plain.difference.sd,
        percent=_percent(found.d, found.reference),
        probability=_improvement(found.d, found.better),
        p=p,
        p_flip=p_flip,
        family=family,
        lost=found.lost[0],
        baseline_lost=found.lost[1],
        dropped=found.unpaired,
        tied=found.plain.tied,
        better=found.better,
        margin=q.margin,
        verdict=verdict,
        more_seeds=more[0],
        more_between=more[1:],
    )


def _verdict(found: Evidence, difference: Interval, p: float, margin: float) -> Verdict:
    """NaNs (fewer than three pairs) hold for nothing and stay inconclusive."""
    if not found.judged:
        return "inconclusive"
    if -margin <= difference.low and difference.high <= margin:
        return "equivalent"
    if p < LEVEL:
        return "better" if (difference.mean < 0) == (found.better == "lower") else "worse"
    return "inconclusive"


def _improvement(d: NDArray[np.float64], better: Better) -> float:
    if len(d) == 0:
        return nan
    wins = d < 0 if better == "lower" else d > 0
    return float(np.mean(wins + 0.5 * (d == 0)))


def _percent(d: NDArray[np.float64], reference: NDArray[np.float64]) -> float:
    if len(d) == 0 or isnan(scale := abs(mean(reference))) or not scale:
        return nan
    percent = 100 * mean(d) / scale
    return percent if isfinite(percent) else nan
