"""Numbers as text."""

from __future__ import annotations

from math import inf, nan

import pytest

from ebmbench.report.numbers import count, duration, ratio, signed
from ebmbench.summary.statistics import Interval


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (4e-4, "400 µs"),
        (0.9999, "1.00 s"),
        (90, "1.50 min"),
        (7200, "2.00 h"),
        (inf, "never"),
        (nan, "-"),
    ],
)
def test_durations_have_three_digits_and_a_unit(seconds, said):
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("x", "said"), [(0, "0"), (999.9, "1.00 k"), (2.56e6, "2.56 M"), (nan, "-")]
)
def test_counts_have_three_digits_and_a_prefix(x, said):
    assert count(x) == said


@pytest.mark.parametrize(
    ("x", "said"),
    [(0.0123, "0.012x"), (1.0, "1x"), (99.4, "99x"), (12345.6, "12,346x"), (nan, "-")],
)
def test_ratios_have_two_digits_or_all_before_the_point(x, said):
    assert ratio(x) == said


@pytest.mark.parametrize(
    ("mean", "half", "said"),
    [
        (0.2, 1.5, "+0.2 ± 1.5"),
        (-0.2, 1.5, "-0.2 ± 1.5"),
        (0.03, 1.7, "0.0 ± 1.7"),
        (-0.03, 1.5, "0.0 ± 1.5"),
        (3e-9, 1.7e-7, "0.0e-7 ± 1.7e-7"),
        (1e-7, 1e-8, "+1.00e-7 ± 0.10e-7"),
    ],
)
def test_a_difference_of_which_no_digit_is_shown_has_no_sign(mean, half, said):
    assert signed(Interval(mean, mean - half, mean + half, 5)) == said
