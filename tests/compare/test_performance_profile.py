"""Performance profiles: shares of problems within a factor of the best."""

from __future__ import annotations

from math import inf

import numpy as np

from ebmbench.compare import compare_sides
from ebmbench.compare.profile import FACTORS, TO_TARGET, shares
from support.compare_example import side


def profiles(head):
    """Measure -> profile."""
    return {p.measure: p for p in compare_sides(side(), head, {}).profiles}


def test_shares_are_those_counted_by_hand():
    times = np.array([[1.0, 2.0], [3.0, 1.5], [1.0, inf], [inf, inf], [0.0, 0.0]])
    one, two = FACTORS.index(1.0), FACTORS.index(2.0)
    rho = shares(times)
    assert rho[:, one].tolist() == [3 / 5, 2 / 5]  # 1, 3 and 5; 2 and 5
    assert rho[:, two].tolist() == [4 / 5, 3 / 5]


def test_every_method_is_a_solver_on_either_side():
    found = profiles(side("head"))["error.test"]
    assert set(found.shares) == {f"{m}, {s}" for m in ("Fast", "Slow") for s in ("base", "head")}
    assert found.problems == 14
    assert found.shares["Fast, base"] == (1.0,) * len(FACTORS)


def test_a_slower_head_is_within_its_factor_of_the_best():
    worse = {("bars", "Fast"): 2.0, ("bas", "Fast"): 2.0}
    rho = dict(
        zip(
            FACTORS,
            profiles(side("head", worse=worse))[TO_TARGET].shares["Fast, head"],
            strict=True,
        )
    )
    assert (rho[1.5], rho[2.0]) == (0.0, 1.0)


def test_who_never_gets_there_has_no_share():
    assert profiles(side("head"))[TO_TARGET].shares["Slow, head"][-1] == 0


def test_where_higher_is_better_the_inverse_counts():
    assert profiles(side("head"))["score"].shares["Fast, base"][0] == 1.0
