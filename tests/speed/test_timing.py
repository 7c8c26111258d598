"""Timing a call: rounds, iterations, and the statistics over the rounds."""

import pytest
import torch

from ebmbench.speed.timing import timing

CPU = torch.device("cpu")


def test_a_call_is_made_as_often_as_the_rounds_and_iterations_say():
    calls = []
    found = timing(lambda: calls.append(1), CPU, rounds=3)
    assert found.rounds >= 3
    assert found.iterations > 1  # far shorter than the clock can tell well
    assert len(calls) > found.rounds * found.iterations


def test_the_statistics_are_in_order():
    found = timing(lambda: sum(range(1000)), CPU, rounds=5)
    assert 0 < found.min <= found.median <= found.max
    assert found.min <= found.mean <= found.max
    assert 0 <= found.iqr <= found.max - found.min


def test_there_are_as_many_rounds_as_asked_for_however_long_a_call_takes(monkeypatch):
    monkeypatch.setattr("ebmbench.speed.timing.SECONDS", 1e-9)
    assert timing(lambda: sum(range(200_000)), CPU, rounds=7).rounds >= 7


def test_an_error_of_the_call_comes_through():
    with pytest.raises(ZeroDivisionError):
        timing(lambda: 1 / 0, CPU, rounds=1)
