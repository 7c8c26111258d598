"""Trials summed up."""

from itertools import product
from math import isclose

from ebmbench.journal.documents import EarlyEnd, MethodTuning, TrialEnd
from ebmbench.summary.tuning import best_first, equally_far, gone_on, search_curve, sensitivity


def trial(number, *values, epochs=10):
    return TrialEnd(number=number, settings={}, values=values, epochs=epochs, macs=0.0)


def tuned(*trials):
    return MethodTuning(dataset="d", method="m", trials=trials, chosen=1)


def test_the_expected_best_of_n_is_the_mean_over_all_draws_with_replacement():
    values = (3.0, 1.0, 4.0, 1.5)
    curve = search_curve(tuned(*(trial(i, x) for i, x in enumerate(values, 1))), "lower")
    for n, expected in zip(curve.trials, curve.expected, strict=True):
        best = [min(draw) for draw in product(values, repeat=n)]
        assert isclose(expected, sum(best) / len(best))
    higher = search_curve(tuned(*(trial(i, x) for i, x in enumerate(values, 1))), "higher")
    assert isclose(higher.expected[0], curve.expected[0])
    assert higher.expected[-1] > 3.5


def test_a_lost_trial_counts_as_the_worst_of_the_others():
    curve = search_curve(tuned(trial(1, 1.0), trial(2, 5.0), trial(3, None)), "lower")
    assert isclose(curve.expected[0], (1.0 + 5.0 + 5.0) / 3)
    assert search_curve(tuned(trial(1, None), trial(2, 1.0, None)), "lower") is None


def test_trials_that_went_unequally_far_have_no_common_curve():
    assert search_curve(tuned(trial(1, 1.0, epochs=3), trial(2, 2.0)), "lower") is None


def test_what_went_furthest_and_did_best_comes_first_and_what_is_lost_last():
    trials = {
        1: trial(1, 0.5, epochs=3),
        2: trial(2, 2.0, 4.0),
        3: trial(3, 1.0, 1.0),
        4: trial(4, None, 0.0),
        5: trial(5, 1.0, 1.0),
    }
    assert [each.number for each in best_first(trials, "lower")] == [3, 5, 2, 1, 4]
    assert [each.number for each in best_first(trials, "higher")] == [2, 3, 5, 1, 4]


def test_what_goes_on_keeps_where_it_stood_after_the_first_round():
    first = {n: trial(n, value, epochs=1) for n, value in enumerate((3.0, 2.0, 4.0), 1)}
    second = gone_on(first, {1: trial(1, 1.0, epochs=3), 2: trial(2, 1.5, epochs=3)})
    third = gone_on(second, {1: trial(1, 0.5, epochs=9)})
    assert [third[n].early for n in (1, 2, 3)] == [
        EarlyEnd(epochs=1, values=(3.0,)),
        EarlyEnd(epochs=1, values=(2.0,)),
        None,
    ]
    back = equally_far(tuned(*third.values()))
    assert [(t.epochs, t.values) for t in back.trials] == [(1, (3.0,)), (1, (2.0,)), (1, (4.0,))]
    assert third[1].values == (0.5,)


def test_trials_that_went_equally_far_are_as_they_are_and_others_unknown():
    equal = tuned(trial(1, 1.0), trial(2, 2.0))
    assert equally_far(equal) is equal
    assert equally_far(tuned(trial(1, 1.0, epochs=3), trial(2, 2.0))) is None


def test_shares_of_the_trials_reached_so_much_or_better():
    five = tuned(*(trial(n, float(n)) for n in (3, 1, 5, 2, 4)))
    assert sensitivity(five, "lower") == (1, 2, 3, 4)
    assert sensitivity(five, "higher") == (5, 4, 3, 2)
    four = tuned(trial(1, 1.0), trial(2, None), trial(3, 2.0), trial(4, None))
    assert sensitivity(four, "lower") == (1.0, 2.0, float("inf"), float("inf"))
    assert sensitivity(four, "higher") == (2.0, 1.0, -float("inf"), -float("inf"))
