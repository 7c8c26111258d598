"""The machine's roofline, and what it says of a cost."""

import math

import pytest
import torch

from ebmbench import Cost
from ebmbench.speed import roofline
from ebmbench.speed.roofline import Roofline, limit, measure_roofline

RATES = Roofline(macs=1e9, randoms=1e6, bytes=1e8)


@pytest.mark.parametrize("threads", [1, 2])
def test_all_rates_are_positive_and_finite(threads, monkeypatch):
    monkeypatch.setattr(roofline, "SIDE", {"cpu": 31})
    monkeypatch.setattr(roofline, "DRAWS", {"cpu": (5, 7)})
    monkeypatch.setattr(roofline, "COPIED", {"cpu": 4096})
    rates = measure_roofline(torch.device("cpu"), threads)
    assert all(0 < rate < math.inf for rate in rates)


@pytest.mark.parametrize(
    ("cost", "by"),
    [
        (Cost(macs=5e9, randoms=1e6, bytes=1e8), "macs"),
        (Cost(macs=1e9, randoms=5e6, bytes=1e8), "randoms"),
        (Cost(macs=1e9, randoms=1e6, bytes=5e8), "bytes"),
    ],
)
def test_the_resource_that_takes_longest_limits(cost, by):
    found = limit(cost, 10.0, RATES)
    assert found.by == by
    assert max(found.seconds) == pytest.approx(5.0)
    assert found.efficiency == pytest.approx(0.5)


def test_a_roofline_that_explains_little_leaves_overhead():
    assert limit(Cost(macs=1e9), 4.9, RATES).by == "macs"
    assert limit(Cost(macs=1e9), 5.1, RATES).by == "overhead"


def test_memory_held_is_no_operation_that_takes_time():
    assert max(RATES.seconds(Cost(held=1e12))) == 0.0
