"""The suite's target, and when each method reached it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from ebmbench.journal.documents import CellRecord
from ebmbench.suite.keys import ReportSpec
from ebmbench.summary.statistics import Better, median

Passage = tuple[float, float, float]
"""Epoch, update and seconds; infinite for a miss."""


@dataclass(frozen=True)
class Target:
    """What a training is after: ``value`` at most (``below``) or at least ``limit``."""

    value: str
    limit: float
    below: bool

    @property
    def better(self) -> Better:
        """Which way leads to the target."""
        return "lower" if self.below else "higher"

    def met(self, x: float | None) -> bool:
        """Whether ``x`` is on the target's side."""
        return x is not None and (x < self.limit if self.below else x > self.limit)


@dataclass(frozen=True)
class ToTarget:
    """The first measured moment on the target's side.

    Attributes:
        reached: seeds that got there.
        seeds: seeds that are done or diverged.
        epochs, updates, seconds: medians over ``seeds``, infinite where at least half never do.
        least, most: of each: the order statistics that hold the median with 95 % from 6 seeds,
            the smallest and largest below; a miss is infinite.
    """

    reached: int
    seeds: int
    epochs: float
    updates: float
    seconds: float
    least: Passage
    most: Passage


def target_of(report: ReportSpec) -> Target | None:
    """The target that the suite sets, if any."""
    asked = report.target
    if asked is None:
        return None
    if asked.below is not None:
        return Target(asked.metric, asked.below, below=True)
    assert asked.above is not None  # one of the two is given
    return Target(asked.metric, asked.above, below=False)


def to_target(target: Target | None, records: Sequence[CellRecord]) -> ToTarget | None:
    """When one method's seeds reached the target; None without a target or a trained seed."""
    trained = [r for r in records if r.status in ("done", "diverged")]
    if target is None or not trained:
        return None
    return medians([first_passage(target, r) for r in trained])


def medians(passages: Sequence[Passage]) -> ToTarget:
    """Passages of some seeds, at least one, summed up."""
    epochs, updates, seconds = (median(at) for at in zip(*passages, strict=True))
    return ToTarget(
        sum(p[0] < inf for p in passages),
        len(passages),
        epochs.mean,
        updates.mean,
        seconds.mean,
        (epochs.low, updates.low, seconds.low),
        (epochs.high, updates.high, seconds.high),
    )


def first_passage(target: Target, record: CellRecord) -> Passage:
    """The first measured moment on the target's side."""
    curve = record.curves.get(target.value)
    if record.status == "done" and curve:
        for i, x in enumerate(curve.value):
            if target.met(x):
                return curve.epoch[i], curve.update[i], curve.seconds[i]
    return inf, inf, inf
