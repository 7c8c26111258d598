"""Performance profiles: the share of problems that a solver does within a factor of the best.

    rho_s(tau) = #{p : t_ps <= tau min_s t_ps} / #p           (Dolan and More 2002, eq. 2.1)

A problem p is a dataset and a seed, a solver s a method on one side, and t_ps is what it takes: the
updates to the target (a miss takes for ever, a problem that nobody solves counts against all), or a
final value where lower is better; where higher is, its inverse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from ebmbench.compare.matched import Matched
from ebmbench.compare.passages import passages
from ebmbench.compare.side import Side

FACTORS = (1.0, 1.05, 1.1, 1.25, 1.5, 2.0, 4.0, 10.0)
TO_TARGET = "updates to target"
SIDES = ("base", "head")


@dataclass(frozen=True)
class Profile:
    """How the solvers do on one measure.

    Attributes:
        measure: a value's name, or :data:`TO_TARGET`.
        problems: how many.
        shares: solver (``CD-2, base``) -> rho at each of :data:`FACTORS`.
    """

    measure: str
    problems: int
    shares: Mapping[str, tuple[float, ...]]


def profiles(base: Side, head: Side, matched: Sequence[Matched]) -> list[Profile]:
    """A profile per value and of the updates to target; none where there is a single dataset."""
    if len({each.dataset for each in matched}) < 2:
        return []
    values = dict.fromkeys(each.value for each in matched)
    taken = {TO_TARGET: _updates(base, head), **{v: _finals(matched, v) for v in values}}
    found = (_profile(measure, times) for measure, times in taken.items())
    return [profile for profile in found if profile]


def shares(times: NDArray[np.float64]) -> NDArray[np.float64]:
    """rho at :data:`FACTORS`, (problems, solvers) -> (solvers, factors)."""
    best = times.min(axis=1, keepdims=True)
    within = [(times <= tau * best) & np.isfinite(times) for tau in FACTORS]
    return np.stack([each.mean(axis=0) for each in within], axis=1)


Times = dict[str, dict[tuple[str, int], float]]
"""Solver -> (dataset, seed) -> what it took."""


def _profile(measure: str, times: Times) -> Profile | None:
    """Over the problems that all solvers were given; None where a time is negative."""
    if not times:
        return None
    first, *others = times.values()
    problems = [p for p in first if all(p in other for other in others)]
    table = np.array([[of[p] for of in times.values()] for p in problems])  # (problems, solvers)
    if len({dataset for dataset, _ in problems}) < 2 or (table < 0).any():
        return None
    rho = shares(table)
    return Profile(
        measure, len(problems), {s: tuple(map(float, r)) for s, r in zip(times, rho, strict=True)}
    )


def _updates(base: Side, head: Side) -> Times:
    times: Times = {}
    for dataset, method in base.planned:
        for seed, *both in passages(base, head, dataset, method):
            for side, passage in zip(SIDES, both, strict=True):
                times.setdefault(f"{method}, {side}", {})[dataset, seed] = float(passage[1])
    return times


def _finals(matched: Sequence[Matched], value: str) -> Times:
    times: Times = {}
    for each in matched:
        if each.value == value:
            for side, finals in zip(SIDES, (each.base, each.head), strict=True):
                solver = times.setdefault(f"{each.method}, {side}", {})
                for seed, x, there in zip(each.seeds, finals, each.paired, strict=True):
                    if there:
                        solver[each.dataset, seed] = _taken(float(x), each.better == "lower")
    return times


def _taken(x: float, lower: bool) -> float:
    return x if lower else 1 / x if x else inf
