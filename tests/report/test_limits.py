"""The range of a y axis."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ebmbench.report.figures.limits import cut_off, has_band, leaving, limits, starting
from ebmbench.report.figures.panels import INDEX, Panel
from ebmbench.report.figures.seeds import Trace
from ebmbench.summary import Curve
from ebmbench.summary.statistics import Bounds, Interval, interval


def panel(means, half: float, logarithmic: bool = False, target: float | None = None) -> Panel:
    values = tuple(Interval(m, m - half, m + half, 3) for m in means)
    curves = {"Fast": Curve(tuple(range(len(means))), values)}
    return Panel("hamming.test", "", curves, logarithmic, target)


@pytest.mark.parametrize("logarithmic", [False, True])
def test_every_mean_and_the_target_are_within(logarithmic):
    low, high = limits(panel([0.2, 0.5], 0.01, logarithmic, target=0.05))
    assert low < 0.05 < 0.5 < high


def test_a_huge_interval_does_not_flatten_the_curves():
    low, high = limits(panel([2.0, 3.0], 1000.0))
    assert 1.5 < low < 1.8
    assert 3.2 < high < 3.5


def test_a_narrow_interval_is_shown_whole():
    low, high = limits(panel([2.0, 3.0], 0.1))
    assert low < 1.9
    assert high > 3.1


def points(*ends):
    curves = {f"M{i}": Curve((1,), (Interval(*each, 3),)) for i, each in enumerate(ends)}
    return Panel("nll.test", "", curves, False)


def test_of_single_points_intervals_are_whole_but_for_those_far_longer_than_most():
    low, high = limits(points((2.28, 2.1, 2.4), (2.26, 2.2, 2.5)))
    assert low < 2.1
    assert high > 2.5
    low, high = limits(points((2.28, 2.1, 2.4), (2.26, 2.2, 2.5), (2.27, -7, 12)))
    assert 1.9 < low < 2.1
    assert 2.5 < high < 2.7


def test_the_negative_end_of_an_interval_of_what_is_never_negative_is_not_shown():
    low, _ = limits(panel([0.0, 0.4], 0.1))
    assert -0.05 < low < 0
    assert limits(panel([-0.1, 0.4], 0.1))[0] < -0.15


def test_rounding_errors_do_not_stretch_a_logarithmic_axis():
    shown = panel([1e-18, 0.1, 100.0], 0.0, logarithmic=True)
    low, high = limits(shown)
    assert cut_off(shown)
    assert 1e-3 < low < 0.01
    assert high > 100
    assert not cut_off(panel([0.1, 100.0], 0.0, logarithmic=True))


@pytest.mark.parametrize("value", [0.0, 1.0, -3.0])
def test_a_constant_has_a_range(value):
    low, high = limits(panel([value, value], 0.0))
    assert low < value < high


def test_bands_end_at_the_range_and_are_not_drawn_where_values_are_tied():
    bounds = Bounds.of(0, 1)
    assert interval([0.01, 0.02, 0.05], bounds).low == 0.0
    assert has_band(interval([0.01, 0.02, 0.05], bounds))
    assert not has_band(interval([0.0, 0.0, 0.05], bounds))
    assert not has_band(interval([0.3], bounds))


def of_lines(logarithmic=False, **lines) -> Panel:
    """A panel of curves, each with its means."""
    curves = {
        name: Curve(tuple(range(len(means))), tuple(Interval(m, m, m, 5) for m in means))
        for name, means in lines.items()
    }
    return Panel("nll.test", "", curves, logarithmic)


def test_one_curve_does_not_flatten_the_others():
    shown = of_lines(a=[3.0, 2.0], b=[3.0, 2.2], c=[3.0, 90.0])
    low, high = limits(shown)
    assert 1.8 < low < 2.0
    assert 3.0 < high < 3.2
    assert leaving(shown) == {"c": 90.0}
    assert leaving(of_lines(a=[3.0, 2.0], b=[3.0, 2.2], c=[-90.0, 2.0])) == {"c": -90.0}


def test_a_curve_that_the_axis_can_hold_stays():
    shown = of_lines(a=[3.0, 2.0], b=[3.0, 2.2], c=[3.0, 7.0])
    assert leaving(shown) == {}
    assert limits(shown)[1] > 7


def test_of_two_curves_neither_is_the_outlier():
    assert leaving(of_lines(a=[3.0, 2.0], b=[3.0, 90.0])) == {}


def test_no_more_than_a_third_leaves_the_worst_first():
    lines = {name: [2.0, 3.0] for name in "abcd"}
    shown = of_lines(**lines, x=[2.0, 200.0], y=[2.0, 3000.0])
    assert list(leaving(shown).items()) == [("y", 3000.0), ("x", 200.0)]
    assert leaving(of_lines(a=[2.0, 3.0], b=[2.0, 3.0], x=[2.0, 200.0], y=[2.0, 200.0])) == {}


def test_a_number_beyond_all_others_does_not_cut_them_off_a_logarithmic_axis():
    shown = of_lines(logarithmic=True, a=[3.0, 2.0], b=[3.0, 2.2], c=[3.0, 1e30])
    low, high = limits(shown)
    assert low < 2
    assert 3 < high < 10
    assert leaving(shown) == {"c": pytest.approx(1e30)}
    assert not cut_off(shown)


def test_others_that_are_all_one_value_are_not_all_there_is_to_see():
    assert leaving(of_lines(a=[2.0, 2.0], b=[2.0, 2.0], c=[2.0, 3.0])) == {}


def test_seeds_one_by_one_are_within_but_for_the_outermost_of_many():
    few = of_lines(a=[3.0, 2.0], b=[3.0, 2.2])
    near, far = Trace(0, (1, 2), (3.0, 2.0)), Trace(1, (1, 2), (3.0, 700.0))
    lone = replace(few, seeds={"a": [far]}, one_by_one=True)
    assert limits(lone) == limits(few)  # the mean is that seed
    apart = Trace(1, (1, 2), (3.0, 9.0))
    low, high = limits(replace(few, seeds={"a": [near, apart]}, one_by_one=True))
    assert low < 2
    assert 9 < high < 10
    many = [near._replace(seed=seed) for seed in range(19)]
    low, high = limits(replace(few, seeds={"a": [*many, far]}, one_by_one=True))
    assert 3.3 < high < 3.5  # one of forty values is not what the axis is made for


def test_none_leaves_for_being_better():
    values = {"a": [0.16], "b": [0.161], "best": [0.01]}
    assert list(leaving(of_lines(**values))) == ["best"]
    assert leaving(replace(of_lines(**values), better="lower")) == {}
    assert list(leaving(replace(of_lines(**values), better="higher"))) == ["best"]
    assert list(leaving(replace(of_lines(a=[1.0], b=[1.1], c=[9.0]), better="lower"))) == ["c"]


def test_a_logarithmic_axis_holds_more():
    lines = {"a": [10.0, 4.0], "b": [10.0, 4.1], "c": [10.0, 1300.0]}
    assert list(leaving(of_lines(**lines))) == ["c"]
    assert leaving(of_lines(logarithmic=True, **lines)) == {}


def test_one_that_explodes_beside_one_other_leaves_a_logarithmic_axis():
    lines = {"sane": [5.0, 4.14], "half": [5.0, 1e18]}
    shown = replace(of_lines(logarithmic=True, **lines), better="lower")
    assert leaving(shown) == {"half": pytest.approx(1e18)}
    low, high = limits(shown)
    assert 3 < low < 4.14
    assert high < 10
    assert leaving(replace(shown, better=None)) == {}
    few = {"sane": [5.0, 4.9], "half": [5.0, 1300.0]}
    assert leaving(replace(of_lines(logarithmic=True, **few), better="lower")) == {}
    linear = of_lines(sane=[-5.0, -4.0], half=[-5.0, -1e18])
    assert leaving(replace(linear, better="higher")) == {"half": -1e18}


def test_a_logarithmic_axis_reaches_down_to_the_best_of_every_curve():
    lines = {"sane": [4.14, 4.14], "half": [1e18, 1e18], "too": [1e17, 1e18]}
    shown = replace(of_lines(logarithmic=True, **lines), better="lower")
    assert limits(shown)[0] < 4.14
    assert limits(shown)[1] > 1e18
    assert not cut_off(shown)


def test_a_curve_of_rounding_errors_alone_is_named():
    lines = {"exact": [1e-17, 1e-16], "a": [0.5, 0.1], "b": [0.5, 0.2]}
    shown = replace(of_lines(logarithmic=True, **lines), better="lower")
    assert leaving(shown) == {"exact": pytest.approx(1e-16)}
    assert limits(shown)[0] > 0.05


BAD_STARTS = {  # all start badly, and end close together
    "a": [500.0, 120.0, 60.0, 4.3, 4.2, 4.1],
    "b": [520.0, 130.0, 70.0, 4.6, 4.5, 4.4],
    "c": [510.0, 110.0, 65.0, 4.9, 4.8, 4.7],
}


def test_bad_starts_do_not_flatten_the_ends_and_say_from_how_far_they_come():
    shown = replace(of_lines(**BAD_STARTS), better="lower")
    low, high = limits(shown)
    assert low < 4.1 < 4.9 < high < 5.5
    assert starting(shown) == {"a": 500.0, "b": 520.0, "c": 510.0}
    assert leaving(shown) == {}


def test_one_that_stays_bad_leaves_though_all_start_badly():
    shown = replace(of_lines(**BAD_STARTS, d=[505.0, 90.0, 80.0, 90.0, 95.0, 99.0]), better="lower")
    assert limits(shown)[1] < 5.5
    assert leaving(shown) == {"d": 99.0}
    assert [*starting(shown)] == ["a", "b", "c"]


def test_a_start_is_kept_where_it_is_the_better_end_or_no_way_is_better():
    rising = {line: [600.0 - y for y in means] for line, means in BAD_STARTS.items()}
    shown = of_lines(**rising)
    for better in ("lower", None):
        assert limits(replace(shown, better=better))[0] < 80
        assert starting(replace(shown, better=better)) == {}
    assert limits(replace(shown, better="higher"))[0] > 594
    assert set(starting(replace(shown, better="higher"))) == {"a", "b", "c"}


def test_what_is_no_training_and_what_falls_slowly_has_no_bad_start():
    shown = replace(of_lines(**BAD_STARTS), better="lower")
    assert limits(replace(shown, x=INDEX))[1] > 500
    assert starting(replace(shown, points=True)) == {}
    slow = replace(of_lines(a=[11.0, 8.0, 6.0, 5.0], b=[11.0, 9.0, 7.0, 6.0]), better="lower")
    assert limits(slow)[1] > 11
    few = replace(of_lines(a=[500.0, 4.2, 4.1], b=[500.0, 4.4, 4.3]), better="lower")
    assert limits(few)[1] > 500


def test_a_logarithmic_axis_holds_more_of_a_start():
    steep = {line: [1e3 * y for y in means[:3]] + means[3:] for line, means in BAD_STARTS.items()}
    assert limits(replace(of_lines(True, **BAD_STARTS), better="lower"))[1] < 5.5
    wide = {line: [*means[:5], means[5] / 8] for line, means in steep.items()}
    assert limits(replace(of_lines(True, **wide), better="lower"))[1] > 5e5
