"""Trials summed up."""

from itertools import product
from math import isclose

from ebmbench.journal.documents import MethodTuning, TrialEnd
from ebmbench.summary.tuning import best_first, search_curve


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
