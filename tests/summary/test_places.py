"""Places with intervals."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from ebmbench.summary import summarise
from ebmbench.summary.statistics import (
    LOST,
    UNKNOWN,
    Bounds,
    Place,
    Question,
    evidence,
    judge,
    places,
    told_apart,
)
from support import journal_example as example
from support.result_example import result, spread

SEEDS = 7


def pairs(values, margin=0.0, better="lower", bounds=UNKNOWN):
    """Every two of some methods' values as a question."""
    return {
        (a, b): Question(evidence(values[a], values[b], better, bounds), margin)
        for a, b in combinations(values, 2)
    }


def placed(values, **how):
    """Method -> its place as text."""
    found = places(list(values), told_apart(pairs(values, **how)))
    return {method: str(place) for method, place in found.items()}


def normal(rng, means, sd=1.0):
    return {f"M{i}": rng.normal(mean, sd, SEEDS) for i, mean in enumerate(means)}


def test_methods_that_are_far_apart_have_a_place_each():
    values = normal(np.random.default_rng(1), [3.0, 1.0, 2.0], sd=0.01)
    assert placed(values) == {"M0": "3", "M1": "1", "M2": "2"}
    assert placed(values, better="higher") == {"M0": "1", "M1": "3", "M2": "2"}


def test_methods_that_nothing_tells_apart_share_their_places():
    values = normal(np.random.default_rng(2), [0.0, 0.0, 100.0])
    assert placed(values) == {"M0": "1-2", "M1": "1-2", "M2": "3"}


def test_a_difference_within_the_margin_tells_nothing_apart():
    values = normal(np.random.default_rng(3), [0.0, 0.1], sd=0.001)
    assert placed(values) == {"M0": "1", "M1": "2"}
    assert placed(values, margin=0.2) == {"M0": "1-2", "M1": "1-2"}


def test_two_seeds_tell_nothing_apart():
    assert placed({"A": [0.0, 0.1], "B": [9.0, 9.1]}) == {"A": "1-2", "B": "1-2"}


def test_lost_seeds_count_against_their_method():
    rng = np.random.default_rng(4)
    values = normal(rng, [0.0, 0.5], sd=0.01)
    assert placed(values)["M0"] == "1"
    values["M0"][:3] = LOST
    bounds = Bounds.of(0.0, 1.0)
    assert placed(values, bounds=bounds) == {"M0": "1-2", "M1": "1-2"}


@pytest.mark.parametrize("seed", range(20))
def test_the_pairs_told_apart_are_those_that_holm_rejects(seed):
    rng = np.random.default_rng(seed)
    values = normal(rng, rng.permutation([0.0, 0.0, 1.5, 3.0, 5.0]))
    values["tied"] = np.where(rng.random(SEEDS) < 0.3, 2.0, 0.0)
    asked = pairs(values, bounds=Bounds.of(-9.0, 9.0))
    verdicts = {pair: c.verdict for pair, c in judge(asked).items()}
    better = [pair for pair, verdict in verdicts.items() if verdict == "better"]
    worse = [pair[::-1] for pair, verdict in verdicts.items() if verdict == "worse"]
    assert sorted(told_apart(asked)) == sorted([*better, *worse])
    assert 0 < len(better) + len(worse) < len(asked)


def test_equal_methods_are_told_apart_in_one_report_of_twenty_at_most():
    rng, trials = np.random.default_rng(5), 300
    false = sum(bool(told_apart(pairs(normal(rng, [0.0] * 4)))) for _ in range(trials))
    assert false <= 0.05 * trials + 4 * (trials * 0.05 * 0.95) ** 0.5


def test_a_board_has_places_on_the_judged_value(board):
    found = {method: str(place) for method, place in board.places.items()}
    assert found == {"Fast": "1", "Slow": "2-3", "Twin": "2-3"}


def test_no_place_says_more_than_the_verdict_beside_it():
    """The family of 20 datasets is larger than that of one dataset's pairs."""
    near = {"A": spread(0.305, 0.02), "CD": spread(0.35, 0.02, turn=1)}
    alone, among = (result({f"d{i}": near for i in range(n)}) for n in (1, 20))
    assert among.boards[0].row("A").against["error.test"].verdict == "inconclusive"
    assert {str(place) for place in among.boards[0].places.values()} == {"1-2"}
    assert alone.boards[0].row("A").against["error.test"].verdict == "better"
    assert str(alone.boards[0].places["A"]) == "1"


def test_a_method_of_which_nothing_is_there_has_no_place():
    records = [r for r in example.all_well() if r.method != "Twin"]
    (board,) = summarise(example.run(), records).boards
    assert set(board.places) == {"Fast", "Slow"}
    assert board.places["Fast"] == Place(1, 1, 2)
