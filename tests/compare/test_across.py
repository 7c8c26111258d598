"""Several datasets as one number."""

from __future__ import annotations

import numpy as np
import pytest

from ebmbench.compare import compare_sides
from ebmbench.compare.across import interquartile_mean
from support.compare_example import side, without

FACTORS = {("bars", "Fast"): 1.1, ("bas", "Fast"): 1.1}


def across(head, base=None):
    """Method -> its change on ``error.test``."""
    c = compare_sides(base or side(), head, {})
    return {a.method: a for a in c.across if a.value == "error.test"}


def test_the_interquartile_mean_is_the_mean_of_the_middle_half():
    assert interquartile_mean(np.array([-100.0, 1, 2, 3, 4, 5, 6, 900])) == pytest.approx(3.5)


def test_a_change_by_a_tenth_is_one_on_values_of_all_sizes():
    found = across(side("head", worse=FACTORS))["Fast"]
    assert found.change.mean == pytest.approx(10, abs=0.1)
    assert found.change.low < 10 < found.change.high
    assert (found.datasets, found.change.n, found.verdict) == (2, 14, "worse")


def test_nothing_changed_is_equivalent():
    assert across(side("head"))["Slow"].verdict == "equivalent"


def test_noise_is_inconclusive():
    assert across(side("head", stream=2))["Slow"].verdict == "inconclusive"


def test_where_higher_is_better_a_rise_is_better():
    c = compare_sides(side(), side("head", worse={k: 1 / x for k, x in FACTORS.items()}), {})
    found = next(a for a in c.across if (a.method, a.value) == ("Fast", "score"))
    assert (found.change.mean > 9, found.verdict) == (True, "better")


def test_a_single_dataset_needs_no_such_number():
    bars = {"datasets": ("bars",)}
    assert not across(side("head", **bars), side(**bars))


def test_seeds_that_a_bootstrap_learns_nothing_from_give_no_verdict():
    head = side("head", worse=FACTORS, stream=2)
    assert across(head)["Fast"].verdict == "worse"
    lost = without(head, ("bas", "Fast", 3), status="diverged", values={})
    assert across(lost)["Fast"].verdict == "inconclusive"
    few = {"seeds": (0, 1)}
    found = across(side("head", worse=FACTORS, **few), side(**few))
    assert found["Fast"].verdict == "inconclusive"
    tied = across(side("head", worse=FACTORS, noise=0), side(noise=0))
    assert tied["Fast"].verdict == "inconclusive"


def test_a_part_that_base_did_not_have_yet_makes_no_difference():
    head = side("head", noise=0)
    for key, end in head.ends.items():
        head = without(head, key, values={**end.values, "score.new": 0.5})
    assert across(head, side(noise=0))["Slow"].verdict == "equivalent"
