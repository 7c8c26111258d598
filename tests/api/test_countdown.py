"""What is shown of the time that is left: an estimate may jump, what is shown does not."""

from __future__ import annotations

import numpy as np
import pytest

from ebmbench.api.progress.countdown import MOST_RISE, Countdown


def test_the_first_estimate_is_shown_as_it_is_and_goes_down_with_the_clock():
    shown = Countdown()
    assert shown.told(100.0, 0.0) == 100.0
    assert shown.told(90.0, 10.0) == pytest.approx(90.0)
    assert shown.told(None, 11.0) is None
    assert shown.told(40.0, 12.0) == 40.0


@pytest.mark.parametrize("seed", range(5))
def test_it_never_more_than_doubles_however_estimates_jump(seed):
    rng, shown, before, now = np.random.default_rng(seed), Countdown(), None, 0.0
    for left in 10.0 ** rng.uniform(0, 5, 300):
        now += rng.uniform(0, 30)
        told = shown.told(left, now)
        assert before is None or told <= MOST_RISE * before + 1e-9
        before = told


def test_a_jump_within_half_a_second_is_hardly_seen_and_one_that_stays_is_followed():
    shown = Countdown()
    shown.told(60.0, 0.0)
    assert shown.told(600.0, 0.5) < 1.15 * 60
    now = 0.5
    while now < 60:
        now += 0.5
        told = shown.told(660.0 - now, now)
    assert told == pytest.approx(600.0, rel=0.01)


def test_at_the_end_nothing_is_left():
    shown = Countdown()
    shown.told(60.0, 0.0)
    assert shown.told(0.0, 0.5) == 0.0
