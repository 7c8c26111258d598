"""Values of a method on both sides, paired by seed, and what follows from the pairs."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from math import nan

import numpy as np
from numpy.typing import NDArray

from ebmbench.compare.side import CellEnd, Key, Side, resolution
from ebmbench.summary.criteria import range_of
from ebmbench.summary.statistics import (
    LEVEL,
    LOST,
    Better,
    Bounds,
    Comparison,
    Evidence,
    Interval,
    Question,
    evidence,
    interval,
    judge,
)


@dataclass(frozen=True)
class Matched:
    """A final value of a method on a dataset, on both sides.

    Attributes:
        seeds: that both sides were asked for.
        base, head: a value per seed; NaN where there is none on either side or no record, infinite
            where this side alone lost it.
        better: which way is better.
        evidence: head - base.
        comparison: the same, judged; Holm's families are the methods of one value and dataset.
        bounds: between which the values lie.
    """

    dataset: str
    method: str
    value: str
    seeds: tuple[int, ...]
    base: NDArray[np.float64]
    head: NDArray[np.float64]
    better: Better
    evidence: Evidence
    comparison: Comparison
    bounds: Bounds

    @property
    def paired(self) -> NDArray[np.bool_]:
        """Seeds on which both sides have the value."""
        return np.isfinite(self.base) & np.isfinite(self.head)

    @property
    def loss(self) -> Interval:
        """By how much head is worse on the mean, with its 95 % interval."""
        difference = self.evidence.interval(LEVEL / 2)
        return difference if self.better == "lower" else difference.mirrored

    @property
    def means(self) -> tuple[Interval, Interval]:
        """Base and head over the paired seeds."""
        base, head = (interval(side[self.paired], self.bounds) for side in (self.base, self.head))
        return base, head


def match(base: Side, head: Side) -> list[Matched]:
    """Every value that both sides have and that knows a better, by dataset, value and method."""
    pairs = [pair for pair in head.planned if pair in base.planned]
    values = [v for v in head.values if v in base.values and head.better(v)]
    found: list[Matched] = []
    for dataset in dict.fromkeys(d for d, _ in pairs):
        for value in values:
            methods = [m for d, m in pairs if d == dataset]
            found += _family([_matched(base, head, dataset, m, value) for m in methods])
    return found


def common_seeds(base: Side, head: Side) -> tuple[int, ...]:
    """Seeds that both sides were asked for."""
    return tuple(seed for seed in base.head.seeds if seed in head.head.seeds)


def _matched(base: Side, head: Side, dataset: str, method: str, value: str) -> Matched:
    seeds, better = common_seeds(base, head), head.better(value)
    keys: list[Key] = [(dataset, method, seed) for seed in seeds]
    ends = [(base.end_value(key, value), head.end_value(key, value)) for key in keys]
    mine, theirs = np.array(
        [(nan, nan) if one == other == LOST else (one, other) for one, other in ends]
    ).T
    assert better is not None
    bounds = _bounds(base, head, value)
    found = evidence(theirs, mine, better, bounds, _same(base, head, keys))
    margin = max(head.margin(value), _resolution(mine, theirs))
    comparison = judge({"": Question(found, margin)})[""]
    return Matched(dataset, method, value, seeds, mine, theirs, better, found, comparison, bounds)


def _family(matched: Sequence[Matched]) -> list[Matched]:
    """Holm's correction over the methods; those that no seed pairs are left out."""
    some = {each.method: each for each in matched if each.comparison.pairs}
    judged = judge({m: Question(each.evidence, each.comparison.margin) for m, each in some.items()})
    return [replace(each, comparison=judged[method]) for method, each in some.items()]


def _bounds(base: Side, head: Side, value: str) -> Bounds:
    """As head declares them, or base."""
    ends = [range_of(side.head.metrics, value) for side in (head, base)]
    declared = next((each for each in ends if each != (None, None)), (None, None))
    return Bounds.of(*declared)


def _same(base: Side, head: Side, keys: Sequence[Key]) -> bool:
    """Whether a method's cells ended alike on every seed, to rounding, in all that both know.

    Then nothing changed, and equal values are no chance, however many of them are tied. A part that
    a metric of one side does not have at all says nothing.
    """
    known = set(base.values) & set(head.values)
    return all(_ended_alike(base.ends.get(key), head.ends.get(key), known) for key in keys)


def _ended_alike(one: CellEnd | None, other: CellEnd | None, known: Container[str]) -> bool:
    if one is None or other is None or one.status != other.status:
        return False
    mine, theirs = ({v: x for v, x in end.values.items() if v in known} for end in (one, other))
    return mine.keys() == theirs.keys() and all(
        abs(x - theirs[v]) <= resolution(max(abs(x), abs(theirs[v]))) for v, x in mine.items()
    )


def _resolution(*values: NDArray[np.float64]) -> float:
    finite = np.concatenate(values)
    finite = finite[np.isfinite(finite)]
    return resolution(float(np.max(np.abs(finite)))) if len(finite) else 0.0
