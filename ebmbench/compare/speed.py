"""What a race between two revisions says of their speed.

Machines differ and drift, so a time is never held against a stored one. Both sides run beside each
other, one measuring while the other waits; the one that begins changes from round to round. With
the ratio head / base of each round, and over the rounds

    ratio     the median, with the interval of its order statistics (95 %, distribution-free)
    p         sign test that head is slower in more than half of the rounds, one-sided, after Holm

a gate ``seconds`` fails where the median is slower by more than the level and p < 5 %, passes where
the interval lies within the level, and is inconclusive otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import nan

import numpy as np
from numpy.typing import NDArray

from ebmbench.compare.decisions import Decision, outcome_of
from ebmbench.speed.race import Measured, Names
from ebmbench.suite.gates import SPEED, GateSpec
from ebmbench.summary import statistics
from ebmbench.summary.statistics import FEWEST_FOR_MEDIAN, Interval, holm


@dataclass(frozen=True)
class Pace:
    """A method's speed on both sides.

    Attributes:
        base, head: median seconds of an update.
        ratio: median of head / base, with its interval.
        p: one-sided, corrected over the methods.
    """

    dataset: str
    method: str
    base: float
    head: float
    ratio: Interval
    p: float


def paces(measured: Measured) -> list[Pace]:
    """From the seconds of each round, (rounds, 2): base, head."""
    p = holm({"\n".join(names): _p_slower(x[:, 1] / x[:, 0]) for names, x in measured.items()})
    return [_pace(names, x, p["\n".join(names)]) for names, x in measured.items()]


def decide_speed(paces: Iterable[Pace], gate: GateSpec) -> list[Decision]:
    """What the gate says of each method."""
    return [_decision(pace, gate) for pace in paces]


def median(x: NDArray[np.float64]) -> Interval:
    """The median, between the order statistics that hold it with 95 %; NaN below 6 values."""
    found = statistics.median(x.tolist())
    return found if found.n >= FEWEST_FOR_MEDIAN else replace(found, low=nan, high=nan)


def _pace(names: Names, x: NDArray[np.float64], p: float) -> Pace:
    base, head = map(float, np.median(x, axis=0))
    return Pace(*names, base, head, median(x[:, 1] / x[:, 0]), p)


def _p_slower(ratio: NDArray[np.float64]) -> float:
    from scipy import stats

    slower, faster = int((ratio > 1).sum()), int((ratio < 1).sum())
    return float(stats.binom.sf(slower - 1, slower + faster, 0.5))


def _decision(pace: Pace, gate: GateSpec) -> Decision:
    r = pace.ratio
    mean, low, high = ((x - 1) * pace.base for x in (r.mean, r.low, r.high))
    loss = Interval(mean, low, high, r.n)
    outcome = outcome_of(loss, pace.p, gate, pace.base)
    percent = 100 * (r.mean - 1)
    return Decision(pace.dataset, pace.method, SPEED, gate, loss, percent, pace.p, outcome)
