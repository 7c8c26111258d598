"""Timing by pytest-benchmark's machinery, without its session."""

import sys

import pytest
import torch

from command_line import ebmbench
from ebmbench.calibrated import calibrated
from suites import write

CPU = torch.device("cpu")


def test_a_call_is_made_as_often_as_the_rounds_and_iterations_say():
    calls = []
    timing = calibrated(lambda: calls.append(1), CPU, rounds=3)
    assert timing.rounds >= 3
    assert timing.iterations > 1  # far shorter than the clock can tell well
    assert len(calls) > timing.rounds * timing.iterations


def test_the_statistics_are_in_order():
    timing = calibrated(lambda: sum(range(1000)), CPU, rounds=5)
    assert 0 < timing.min <= timing.median <= timing.max
    assert timing.min <= timing.mean <= timing.max
    assert 0 <= timing.iqr <= timing.max - timing.min


def test_an_error_of_the_call_comes_through():
    with pytest.raises(ZeroDivisionError):
        calibrated(lambda: 1 / 0, CPU, rounds=1)


def test_without_pytest_benchmark_the_command_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pytest_benchmark.fixture", None)
    ended = ebmbench("cost", write(tmp_path))
    assert ended.code == 2
    assert "needs pytest-benchmark" in ended.err
    assert "pip install 'ebmbench[cost]'" in ended.err
    assert "Traceback" not in ended.err
