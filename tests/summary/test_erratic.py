"""Erratic methods: first only as their seeds lie far apart, and told in words."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from ebmbench.summary import as_json
from ebmbench.summary.statistics import Question, erratic, evidence, places, told_apart
from support.result_example import result, spread

SEEDS = 10
STEADY = spread(0.20, 0.001, SEEDS)
NEAR = spread(0.2002, 0.002, SEEDS, turn=3)
WILD = [0.21] * 8 + [0.9, 0.8]
FAR = spread(0.9, 0.05, SEEDS, turn=2)


def found(values, better="lower", margin=0.0):
    """Which are erratic, and all places, of methods the best of which comes first."""
    pairs = {
        (a, b): Question(evidence(values[a], values[b], better), margin)
        for a, b in combinations(values, 2)
    }
    ahead = told_apart(pairs)
    standing = places(list(values), ahead)
    return erratic(list(values), pairs, ahead), {m: str(p) for m, p in standing.items()}


def test_two_wild_seeds_of_ten_are_told_and_the_place_stays():
    wild, standing = found({"A": STEADY, "B": NEAR, "C": WILD})
    assert set(wild) == {"C"}
    assert (wild["C"].beside, wild["C"].behind, wild["C"].seeds) == ("A", 1.0, SEEDS)
    ratio = np.std(WILD, ddof=1) / np.std(STEADY, ddof=1)
    assert wild["C"].times == pytest.approx(ratio)
    assert standing["A"] == standing["B"] == standing["C"] == "1-3"


def test_what_is_surely_behind_is_not_called_erratic():
    wild, standing = found({"A": STEADY, "D": FAR})
    assert standing["D"] == "2"
    assert not wild


def test_where_another_is_surely_ahead_of_both_neither_is_called_so():
    wild, standing = found({"A": STEADY, "D": FAR, "E": [*FAR[:8], 3.0, 9.0]})
    assert standing["A"] == "1-2"  # nothing tells the last from anybody
    assert set(wild) == {"E"}
    pairs = {("B", "C"): Question(evidence(NEAR, WILD, "lower"))}
    assert set(erratic(["B", "C"], pairs, [])) == {"C"}
    assert not erratic(["B", "C"], pairs, [("A", "C")])


@pytest.mark.parametrize(("times", "seeds", "marked"), [(9, 5, 0), (11, 5, 1), (11, 4, 0)])
def test_it_takes_ten_times_the_spread_and_five_seeds(times, seeds, marked):
    near, far = spread(0.2, 0.01, seeds), spread(0.21, 0.01 * times, seeds, turn=1)
    wild, standing = found({"A": near, "B": far})
    assert standing["B"] == "1-2"
    assert len(wild) == marked


def test_equal_values_are_no_measure_of_spread():
    assert not found({"A": [0.0] * SEEDS, "B": [0.0] * 9 + [0.5]})[0]


def test_a_difference_that_is_surely_not_worth_having_is_not_erratic():
    values = {"A": STEADY, "B": spread(0.201, 0.02, SEEDS, turn=1)}
    assert found(values)[0]
    assert not found(values, margin=0.1)[0]


def test_the_first_itself_may_be_erratic():
    wild, _ = found({"A": [-1.0, -1.0, *[0.205] * 8], "B": STEADY})
    assert set(wild) == {"A"}
    assert wild["A"].beside == "B"
    assert wild["A"].behind == pytest.approx(0.8)


def test_where_more_is_better_the_other_is_ahead_by_being_higher():
    turned = {m: [-x for x in values] for m, values in {"A": STEADY, "C": WILD}.items()}
    wild, _ = found(turned, better="higher")
    assert wild["C"].behind == 1.0


def test_a_summary_carries_them():
    data = as_json(result({"d": {"A": STEADY, "C": WILD, "CD": NEAR}}))
    assert data["boards"][0]["erratic"]["C"]["beside"] == "A"
    assert not as_json(result({"d": {"A": STEADY, "CD": NEAR}}))["boards"][0]["erratic"]
