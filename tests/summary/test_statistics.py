"""Statistics: against hand calculations, against scipy, and by simulation."""

from __future__ import annotations

import json
from math import inf, isnan, nan, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ebmbench.summary import as_json, summarise
from ebmbench.summary.statistics import (
    LEVEL,
    RESAMPLES,
    Bounds,
    Comparison,
    Interval,
    Question,
    compare,
    evidence,
    fewest_for_sign_flips,
    in_digits,
    interval,
    judge,
)
from ebmbench.summary.statistics.sign_flip import sign_flip
from support import journal_example as example

VALUES = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=7)
PAIRS = st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=0, max_size=5)


def differences(*d: float, margin: float | None = None) -> Comparison:
    """A comparison whose differences are ``d``; lower is better."""
    return judge({"": question(*d, margin=margin or 0.0)})[""]


def question(*d: float, margin: float = 0.0, chosen_of: int = 1) -> Question:
    """The same, to be judged; the baseline varies over seeds, and no seed is tied with another."""
    baseline = np.arange(len(d)) * 2.0**12  # exact beside d of a few digits
    return Question(evidence(baseline + d, baseline, "lower"), margin, chosen_of)


# ---- intervals


def test_an_interval_is_the_one_worked_out_by_hand():
    # mean 2, sd 1, t(2, 97.5 %) = 4.3027
    found = interval([1.0, 2.0, 3.0])
    assert (found.mean, found.n) == (2.0, 3)
    assert found.half == pytest.approx(4.302653 / sqrt(3), rel=1e-6)


def test_an_interval_agrees_with_scipy():
    x = np.random.default_rng(1).normal(3, 2, size=11)
    low, high = stats.ttest_1samp(x, 0).confidence_interval(0.95)
    assert interval(x).low == pytest.approx(low)
    assert interval(x).high == pytest.approx(high)


def test_the_interval_covers_the_truth_in_95_of_100_cases():
    samples = np.random.default_rng(2).normal(7, 3, size=(2000, 5))
    found = [interval(x) for x in samples]
    covered = np.mean([i.low <= 7 <= i.high for i in found])
    assert abs(covered - 0.95) < 4 * sqrt(0.05 * 0.95 / 2000)


HUGE = {
    "one number": [1e308] * 4,
    "a spread": [1.7e308, 1.2e308, 1.6e308, 1.1e308],
    "both signs": [1.7e308, -1.2e308, 1.6e308, -1.1e308],
    "beside small ones": [1.7e308, 1.0, 2.0, 3.0],
}


@pytest.mark.parametrize("values", HUGE.values(), ids=HUGE)
def test_the_largest_numbers_have_the_mean_that_smaller_ones_say(values):
    with np.errstate(over="ignore", invalid="ignore"):  # as a summary has it
        huge = interval(values)
    small = interval([x / 2**600 for x in values])
    assert huge.mean == small.mean * 2.0**600
    for end in ("low", "high"):
        x, y = getattr(huge, end), getattr(small, end) * 2.0**600
        assert x == pytest.approx(y) or isnan(x)


@pytest.mark.parametrize("values", HUGE.values(), ids=HUGE)
@pytest.mark.parametrize("better", ["lower", "higher"])
def test_the_largest_numbers_are_judged_as_smaller_ones_are(better, values):
    """By an interval and a p that are theirs, or not at all."""
    many = values * 2
    other = [x / 3 + i * 1e306 for i, x in enumerate(many)]
    with np.errstate(over="ignore", invalid="ignore"):  # as a summary has it
        huge = compare(many, other, better)
    small = compare([x / 2**600 for x in many], [x / 2**600 for x in other], better)
    assert huge.verdict in (small.verdict, "inconclusive")
    assert huge.p == pytest.approx(small.p)


@pytest.mark.parametrize("values", HUGE.values(), ids=HUGE)
def test_a_report_of_the_largest_numbers_says_nothing_beside(values, recwarn):
    records = [
        example.with_values(each, "nll.test", values + values[:2])
        if "nll.test" in each.curves
        else each
        for each in example.records()
    ]
    made = as_json(summarise(example.run(), records))
    json.dumps(made, allow_nan=False)
    assert not recwarn.list


def test_one_value_has_a_mean_and_no_interval():
    found = interval([3.0])
    assert found.mean == 3.0
    assert isnan(found.low)
    assert isnan(found.high)


def test_no_value_has_neither():
    assert isnan(interval([]).mean)
    assert interval([nan, inf]).n == 0


@given(VALUES)
def test_an_interval_contains_its_mean(values):
    found = interval(values)
    assert found.low <= found.mean <= found.high


# ---- comparisons


def test_differences_are_taken_seed_by_seed():
    c = compare([1.0, 12.0, 103.0], [2.0, 13.0, 104.0], "lower")
    assert (c.difference.mean, c.difference.n) == (-1.0, 3)
    assert c.percent == pytest.approx(-300 / 119)


@pytest.mark.parametrize(("better", "verdict"), [("lower", "better"), ("higher", "worse")])
def test_the_direction_decides_who_is_better(better, verdict):
    assert compare([1.0, 1.1, 0.9], [5.0, 5.2, 5.1], better).verdict == verdict


def test_improvement_counts_ties_half():
    assert differences(-1, -1, 0, 1).probability == 2.5 / 4


@given(PAIRS, st.floats(0, 10))
def test_swapping_the_sides_mirrors_everything(pairs, margin):
    a, b = [x for x, _ in pairs], [y for _, y in pairs]
    there, back = compare(a, b, "lower", margin), compare(b, a, "lower", margin)
    mirrored = {"better": "worse", "worse": "better"}
    assert back.verdict == mirrored.get(there.verdict, there.verdict)
    if pairs:
        assert there.difference.mean == pytest.approx(-back.difference.mean)
        assert there.probability == pytest.approx(1 - back.probability)


def test_a_seed_that_is_not_there_is_dropped_and_counted():
    c = compare([1.0, nan, 1.2, 3.0], [2.0, 2.0, 2.1, nan], "lower")
    assert (c.pairs, c.dropped) == (2, 2)
    assert c.difference.mean == pytest.approx(-0.95)


@pytest.mark.parametrize("d", [(), (1.0,), (1.0, 1.1)])
def test_fewer_than_three_pairs_are_inconclusive(d):
    c = differences(*d, margin=100.0)
    assert c.verdict == "inconclusive"
    assert c.more_seeds is None
    assert isnan(c.p)


def test_a_change_from_zero_has_no_percentage():
    assert isnan(compare([1, 2, 3], [-1, 0, 1], "lower").percent)


# ---- sign flips, a second opinion


@pytest.mark.parametrize(
    ("family", "fewest"), [(1, 6), (2, 7), (3, 7), (4, 8), (6, 8), (7, 9), (10, 9)]
)
def test_the_fewest_pairs_for_sign_flips_follow_the_family(family, fewest):
    assert fewest_for_sign_flips(family) == fewest
    assert family * 2.0 ** (1 - fewest) <= LEVEL < family * 2.0 ** (2 - fewest)


def test_sign_flips_are_given_where_they_can_reach_five_percent():
    assert differences(1, 2, 3, 4, 5).p_flip is None
    assert differences(1, 2, 3, 4, 5, 6).p_flip == 2 / 2**6
    family = judge({m: question(1, 2, 3, 4, 5, 6) for m in "ab"})
    assert family["a"].p_flip is None


def test_sign_flips_are_the_share_at_least_as_far_out():
    d = np.array([3.0, -1.0, 2.0, 5.0, -0.5, 4.0, 1.5])
    flips = np.array(np.meshgrid(*[[-1, 1]] * 7)).reshape(7, -1).T
    means = np.abs((flips * d).mean(axis=1))
    assert differences(*d).p_flip == pytest.approx(np.mean(means >= abs(d.mean()) - 1e-12))


@pytest.mark.parametrize("n", [7, 13, 14, 40])
def test_sign_flips_agree_with_scipy_to_the_last_digit_however_many_pairs(n):
    rng = np.random.default_rng(n)
    for scale in (1.0, 1e200):
        for d in (rng.normal(0.3, 1, n) * scale, rng.integers(-3, 5, n) * scale):
            assert sign_flip(d) == pytest.approx(_by_scipy(d / scale), rel=1e-12)


def _by_scipy(d):
    """All flips, or the 9999 that numpy draws first."""
    if len(d) <= 13:
        test = stats.permutation_test(
            (d,), np.mean, permutation_type="samples", n_resamples=RESAMPLES, vectorized=True
        )
        return test.pvalue
    rng = np.random.default_rng(0)

    def flipped(size):
        return d * (2 * rng.integers(0, 2, size, dtype=np.int8) - 1)

    return stats.monte_carlo_test(d, flipped, np.mean, vectorized=True).pvalue


def test_sums_that_differ_by_rounding_alone_are_equal_to_sign_flips():
    d = np.array([0.1, 0.2, 0.3, 0.4, -0.1, -0.3, -0.6])  # 0, in exact arithmetic
    assert sign_flip(d) == 1
    assert sign_flip(np.array([0.1, 0.7, 0.2, -0.2, 0.8, -0.8])) == 2 * 22 / 64


def test_sign_flips_are_the_same_every_time_even_when_sampled():
    d = np.random.default_rng(3).normal(0.2, 1, size=30)
    assert differences(*d).p_flip == differences(*d).p_flip


# ---- one rule: p, the interval and the verdict


@settings(deadline=None)
@given(VALUES, st.integers(1, 9))
def test_the_verdict_the_p_and_the_interval_agree(values, others):
    c = judge({i: question(*values) for i in range(others)})[0]
    settled = c.verdict in ("better", "worse")
    assert settled == (c.p < LEVEL)
    if len(values) > 2:
        assert settled == (c.difference.low > 0 or c.difference.high < 0)


def test_p_and_interval_agree_where_values_are_tied_or_lost():
    rng = np.random.default_rng(8)
    for _ in range(200):
        a, b = (np.where(rng.random(8) < 0.3, rng.random(8), side) for side in (0.0, 0.4))
        a = np.where(rng.random(8) < 0.1, inf, a)
        c = compare(a, b, "lower", bounds=Bounds.of(0, 0.5))
        excluded = c.difference.low > 0 or c.difference.high < 0
        assert excluded == (c.p < LEVEL)


def test_a_family_widens_the_interval_that_is_shown():
    alone = differences(1.0, 2.0, 4.0, 3.0)
    family = judge({m: question(1.0, 2.0, 4.0, 3.0) for m in "abc"})["a"]
    assert (alone.confidence, family.confidence) == (0.95, pytest.approx(1 - 0.05 / 3))
    assert family.difference.half > alone.difference.half


def test_questions_about_the_same_count_once():
    both = [question(1.0, 2.0, 4.0, 3.0), question(-1.0, -2.0, -4.0, -3.0)]
    twice = judge({i: Question(q.evidence, about="x") for i, q in enumerate(both)})
    assert {c.family for c in twice.values()} == {1}
    assert twice[0].p == twice[1].p == differences(1.0, 2.0, 4.0, 3.0).p


def test_the_best_of_k_pays_for_the_choice():
    alone, chosen = differences(1.0, 2.0, 4.0, 3.0), question(1.0, 2.0, 4.0, 3.0, chosen_of=4)
    assert judge({"": chosen})[""].p == pytest.approx(4 * alone.p)


# ---- verdicts


def test_without_a_margin_only_equal_seeds_are_equivalent():
    assert differences(0, 0, 0).verdict == "equivalent"
    assert differences(0, 0, 1 / 8).verdict == "inconclusive"


def test_an_interval_inside_the_margin_is_equivalent_though_it_leaves_out_zero():
    d = (0.010, 0.011, 0.012)
    assert differences(*d).verdict == "worse"
    assert differences(*d, margin=0.05).verdict == "equivalent"


@pytest.mark.parametrize("side", [1, -1])
def test_the_interval_decides_on_equivalence_to_its_farther_end(side):
    d = (0.0, side * 1.0, side * 2.0)  # 1 +- 2.4841, or mirrored
    assert differences(*d, margin=3.4842).verdict == "equivalent"
    assert differences(*d, margin=3.4840).verdict == "inconclusive"


def test_the_verdict_is_the_t_tests_when_there_is_one_method():
    rng = np.random.default_rng(4)
    for _ in range(50):
        d = rng.normal(0.5, 1, size=8)
        p = stats.ttest_1samp(d, 0).pvalue
        assert differences(*d).p == pytest.approx(p, rel=1e-6)


@pytest.mark.soak  # thousands of simulated comparisons
def test_false_verdicts_stay_at_five_percent_in_a_family_of_methods():
    rng = np.random.default_rng(5)
    wrong = 0
    for _ in range(400):
        family = {str(m): question(*rng.normal(size=5)) for m in range(4)}
        wrong += any(c.verdict != "inconclusive" for c in judge(family).values())
    assert wrong / 400 < 0.05 + 3 * sqrt(0.05 * 0.95 / 400)


# ---- more seeds


def test_the_seeds_asked_for_settle_it_four_times_in_five():
    pilot = differences(0.5, 2.0, -0.7, 1.1, -0.2)
    assert pilot.verdict == "inconclusive"
    shape = (4000, pilot.pairs + pilot.more_seeds)
    d = np.random.default_rng(6).normal(pilot.difference.mean, pilot.sd, size=shape)
    assert abs(np.mean(stats.ttest_1samp(d, 0, axis=1).pvalue < 0.05) - 0.8) < 0.04


def test_a_clearer_difference_needs_fewer_seeds():
    vague, clear = differences(-1, 3, 2, -1.5), differences(-1, 3, 2, 0.5)
    assert vague.verdict == clear.verdict == "inconclusive"
    assert vague.more_seeds > clear.more_seeds > 0


def test_a_margin_can_be_reached_where_no_difference_can():
    none, some = differences(-1, 1, -1.5, 1.5), differences(-1, 1, -1.5, 1.5, margin=0.9)
    assert none.more_seeds is None
    assert some.more_seeds > 0


def test_the_guess_has_a_range_that_the_spread_allows():
    c = differences(0.5, 2.0, -0.7, 1.1, -0.2)
    least, most = c.more_between
    assert least < c.more_seeds < most


# ---- families


def test_holm_multiplies_as_in_the_textbook():
    alone = [question(1, 2, 3, 4, 5, 6), question(-1, 2, 3, 4, 5, 6)]
    p = [q.evidence.p for q in alone]
    assert [c.p for c in judge(dict(enumerate(alone))).values()] == [2 * p[0], p[1]]


def test_a_family_takes_back_a_verdict_that_hangs_by_a_thread():
    thread = question(0.3, 1.0, 1.3, 2.0, 0.4)
    others = {str(i): question(-1, 1, 2, -2.5) for i in range(9)}
    family = judge({"thread": thread, **others})
    assert judge({"": thread})[""].verdict == "worse"
    assert family["thread"].verdict == "inconclusive"
    assert family["thread"].more_seeds > 0


def test_a_method_without_pairs_does_not_weigh_on_its_family():
    family = judge({"a": question(1, 2, 3), "b": question()})
    assert family["a"].family == 1
    assert family["a"].p == differences(1, 2, 3).p


# ---- digits


@pytest.mark.parametrize(
    ("mean", "half", "text"),
    [
        (0.013, 0.0021, "0.0130 ± 0.0021"),
        (1246.3, 35.2, "1246 ± 35"),
        (-0.15312, 0.0118, "-0.153 ± 0.012"),
        (99.96, 0.0996, "99.96 ± 0.10"),
        (-1e-9, 0.01, "0.000 ± 0.010"),
        (3e-7, 2e-8, "3.00e-7 ± 0.20e-7"),
        (523841, 12345, "5.24e5 ± 0.12e5"),
        (0.5, 0, "0.500 on 3 of 3 seeds"),
        (2.4, 1e-9, "2.4000 ± <0.0001"),
        (0.0, 0.0, "0 on 3 of 3 seeds"),
    ],
)
def test_the_digits_of_a_mean_follow_its_interval(mean, half, text):
    assert str(Interval(mean, mean - half, mean + half, 3)) == text


def test_a_mean_alone_has_three_digits():
    assert in_digits(1246.3, nan) == ("1246", "")
    assert in_digits(0.012345, nan) == ("0.0123", "")
    assert str(Interval(nan, nan, nan, 0)) == "-"
