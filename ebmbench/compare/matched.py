"""Values of a method on both sides, paired by seed, and what follows from the pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ebmbench.compare.side import Key, Side, resolution
from ebmbench.summary.statistics import Better, Comparison, Interval, compare, correct, interval


@dataclass(frozen=True)
class Matched:
    """A final value of a method on a dataset, on both sides.

    Attributes:
        seeds: that both sides were asked for.
        base, head: a value per seed, NaN where there is none.
        better: which way is better.
        comparison: head - base; Holm's families are the methods of one value and dataset.
    """

    dataset: str
    method: str
    value: str
    seeds: tuple[int, ...]
    base: NDArray[np.float64]
    head: NDArray[np.float64]
    better: Better
    comparison: Comparison

    @property
    def paired(self) -> NDArray[np.bool_]:
        """Seeds on which both sides have the value."""
        return np.isfinite(self.base) & np.isfinite(self.head)

    @property
    def loss(self) -> NDArray[np.float64]:
        """By how much head is worse, per paired seed."""
        d = (self.head - self.base)[self.paired]
        return d if self.better == "lower" else -d

    @property
    def means(self) -> tuple[Interval, Interval]:
        """Base and head over the paired seeds."""
        return interval(self.base[self.paired]), interval(self.head[self.paired])


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
    mine = np.array([base.value(key, value) for key in keys], dtype=float)
    theirs = np.array([head.value(key, value) for key in keys], dtype=float)
    assert better is not None
    margin = max(head.margin(value), _resolution(mine, theirs))
    comparison = compare(theirs, mine, better, margin)
    return Matched(dataset, method, value, seeds, mine, theirs, better, comparison)


def _family(matched: Sequence[Matched]) -> list[Matched]:
    """Holm's correction over the methods; those that no seed pairs are left out."""
    some = {each.method: each for each in matched if each.comparison.pairs}
    corrected = correct({method: each.comparison for method, each in some.items()})
    return [replace(each, comparison=corrected[method]) for method, each in some.items()]


def _resolution(*values: NDArray[np.float64]) -> float:
    finite = np.concatenate(values)
    finite = finite[np.isfinite(finite)]
    return resolution(float(np.max(np.abs(finite)))) if len(finite) else 0.0
