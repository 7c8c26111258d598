"""Tied values are not certainty: intervals hold the mean, and verdicts hold."""

from __future__ import annotations

from itertools import product
from math import inf

import numpy as np
import pytest
from scipy import stats

from ebmbench.summary.statistics import Bounds, compare, evidence, hidden_share, interval

SHARES = np.linspace(0.01, 0.99, 50)
RANGE = Bounds.of(0, 1)


def normal(n: int, mean: float, spread: float) -> np.ndarray:
    """n values with exactly this mean, spread as a normal distribution's quantiles."""
    return mean + spread * stats.norm.ppf((np.arange(n) + 0.5) / n)


# ---- intervals


@pytest.mark.parametrize("n", [3, 5, 10, 30])
@pytest.mark.parametrize("at", [0.05, 0.2, 1.0])
def test_an_interval_of_two_kinds_of_values_holds_the_mean_exactly_as_often_as_it_says(n, at):
    found = [interval([at] * k + [0.0] * (n - k), RANGE) for k in range(n + 1)]
    for p in SHARES:
        inside = [i.low <= p * at <= i.high for i in found]
        assert stats.binom.pmf(np.arange(n + 1)[inside], n, p).sum() >= 0.95


@pytest.mark.parametrize(("often", "seldom"), [(0.1, 0.02), (0.3, 0.05), (0.05, 0.05)])
def test_so_does_one_of_three_kinds(often, seldom):
    n, truth, held = 10, 0.05 * often + seldom, 0.0
    for small, large in product(range(n + 1), repeat=2):
        if small + large <= n:
            counts = [n - small - large, small, large]
            values = np.repeat([0.0, 0.05, 1.0], counts)
            i = interval(values, RANGE)
            chance = stats.multinomial.pmf(counts, n, [1 - often - seldom, often, seldom])
            held += chance * (i.low <= truth <= i.high)
    assert held >= 0.95


def test_what_may_differ_unseen_is_clopper_and_pearsons():
    assert hidden_share(5) == pytest.approx(1 - 0.025 ** (1 / 5))
    assert hidden_share(5) == pytest.approx(stats.binomtest(0, 5).proportion_ci(0.95).high)


def test_equal_values_say_on_how_many_seeds_and_how_many_may_differ():
    found = interval([0.0] * 5, RANGE)
    assert str(found) == "0 on 5 of 5 seeds (up to 52 % of seeds may differ)"
    assert (found.low, found.high) == (0.0, pytest.approx(hidden_share(5)))


def test_where_nothing_is_known_of_a_value_nothing_is_known_of_its_unseen_seeds():
    assert interval([0.1] * 7).high == inf


def test_values_that_are_not_tied_have_students_interval():
    x = [0.1, 0.2, 0.2, 0.4, 0.5]
    assert interval(x, RANGE).half == pytest.approx(interval(x).half)


def test_an_interval_ends_where_the_range_does():
    found = interval([0.0, 0.01, 0.05], RANGE)
    assert found.low == 0.0
    assert str(found) == "0.020 (0 to 0.0857)"


def test_a_value_outside_its_range_is_in_its_interval():
    found = interval([1.2, 1.3, 1.25], RANGE)
    assert found.low <= found.mean <= found.high


# ---- verdicts


@pytest.mark.parametrize("n", [3, 5, 10, 30])
@pytest.mark.parametrize("most", [0.2, 1.0])
def test_seeds_mostly_tied_are_not_called_better_than_an_equal_method(n, most):
    """7.5 % of seeds at 0.2, else 0, against as good a method that hardly varies."""
    other = normal(n, 0.015, 0.002)
    wrong = 0.0
    for k in range(n + 1):
        mine = [0.2] * k + [0.0] * (n - k)
        called = compare(mine, other, "lower", bounds=Bounds.of(0, most)).verdict == "better"
        wrong += called * stats.binom.pmf(k, n, 0.075)
    assert wrong <= 0.025


@pytest.mark.parametrize(("n", "verdict"), [(5, "inconclusive"), (30, "better")])
def test_the_papers_case_takes_as_many_seeds_as_its_range_asks(n, verdict):
    found = compare([0.0] * n, normal(n, 0.16, 0.01), "lower", bounds=RANGE)
    assert found.verdict == verdict
    if n == 5:
        assert 15 < found.more_seeds < 25


def test_swapping_the_sides_of_tied_values_mirrors_the_verdict():
    zeros, others = [0.0] * 40, normal(40, 0.16, 0.01)
    there, back = (compare(*s, "lower", bounds=RANGE) for s in ((zeros, others), (others, zeros)))
    assert (there.verdict, back.verdict) == ("better", "worse")
    assert there.p == pytest.approx(back.p)
    assert there.difference.low == pytest.approx(-back.difference.high)


def test_one_difference_on_few_seeds_is_no_certainty():
    a, b = [1.0, 3.0, 5.0, 7.0, 9.0, 11.0], [2.0, 4.0, 6.0, 8.0, 10.0, 12.0]
    assert compare(a[:3], b[:3], "lower", bounds=Bounds.of(0, 20)).verdict == "inconclusive"


def test_two_methods_with_one_value_on_all_seeds_are_not_equivalent():
    assert compare([0.0] * 5, [0.0] * 5, "lower", bounds=RANGE).verdict == "inconclusive"
    varied = [0.1, 0.2, 0.3, 0.4, 0.5]
    assert compare(varied, varied, "lower", bounds=RANGE).verdict == "equivalent"


def test_coins_that_differ_are_told_apart():
    heads, tails = [1.0] * 17 + [0.0] * 3, [0.0] * 17 + [1.0] * 3
    assert compare(tails, heads, "lower", bounds=RANGE).verdict == "better"


# ---- lost seeds


def test_a_method_is_no_better_by_the_seeds_that_survived():
    mine, other = [0.10, 0.12, 0.14, 0.11, inf, inf], [0.30, 0.317, 0.343, 0.306, 0.29, 0.28]
    lost = compare(mine, other, "lower", bounds=RANGE)
    assert (lost.verdict, lost.lost, lost.pairs) == ("inconclusive", 2, 4)
    assert compare(mine[:4], other[:4], "lower", bounds=RANGE).verdict == "better"


def test_the_other_sides_lost_seeds_do_not_hurt():
    mine, other = [0.10, 0.12, 0.14, 0.11, 0.125], [0.30, 0.317, 0.343, 0.306, inf]
    found = compare(mine, other, "lower", bounds=RANGE)
    assert (found.verdict, found.baseline_lost) == ("better", 1)


def test_a_lead_that_holds_with_lost_seeds_at_the_worst_is_one():
    mine = [0.01 + 0.001 * i for i in range(30)]
    mine[7] = inf
    other = [0.9 + 0.001 * i for i in range(30)]
    assert compare(mine, other, "lower", bounds=RANGE).verdict == "better"


def test_where_higher_is_better_the_worst_is_the_lowest():
    found = evidence([0.9, 0.8, 0.85, inf], [0.5, 0.4, 0.45, 0.5], "higher", RANGE)
    assert found.interval(0.025).low < 0
    assert found.lost == (1, 0)


def test_seeds_that_are_not_there_are_left_out_and_counted():
    found = compare([0.1, np.nan, 0.2, 0.3], [0.2, 0.3, 0.3, 0.4], "lower", bounds=RANGE)
    assert (found.pairs, found.dropped, found.lost) == (3, 1, 0)
