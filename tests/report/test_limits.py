"""The range of a y axis."""

from __future__ import annotations

import pytest

from ebmbench.report.figures.limits import cut_off, has_band, limits
from ebmbench.report.figures.panels import Panel
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
