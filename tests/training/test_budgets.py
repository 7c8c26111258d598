"""Trainings that end when they have spent what they may."""

from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from ebmbench.training.schedule import Budget
from ebmbench.training.train import ending


def recipe(updates=None, seconds=None):
    return SimpleNamespace(updates=updates, seconds=seconds)


def test_multiply_adds_pay_for_whole_updates_and_for_one_at_least():
    assert Budget(macs=1e6).updates_of(3e5) == 3
    assert Budget(macs=1e6).updates_of(2e6) == 1
    assert Budget(updates=7).updates_of(2e6) == 7
    assert Budget(seconds=7).updates_of(2e6) is None


@pytest.mark.parametrize("given", [{}, {"macs": 1, "updates": 1}, {"macs": 0}, {"seconds": -1}])
def test_a_budget_is_of_one_thing_and_not_nothing(given):
    with pytest.raises(ValidationError):
        Budget(**given)


def test_a_budget_is_told_in_its_unit():
    told = [str(Budget(macs=1e12)), str(Budget(updates=5000)), str(Budget(seconds=0.5))]
    assert told == ["1e+12 multiply-adds", "5,000 updates", "0.5 s of training"]


def test_the_last_update_is_the_one_that_spends_it():
    is_last = ending(recipe(updates=3), SimpleNamespace(total=1e9), 2)
    assert [is_last(update) for update in (1, 2, 3, 4)] == [False, False, True, True]


def test_time_is_spent_by_the_update_that_would_end_after_it():
    watch = SimpleNamespace(total=0.0)  # of 2 replicas
    is_last = ending(recipe(seconds=5.0), watch, replicas=2)
    last = []
    for update in range(1, 7):  # of 2 s each, 1 s of each replica
        last.append(is_last(update))
        watch.total += 2.0
    assert last == [False, False, False, False, True, True]
