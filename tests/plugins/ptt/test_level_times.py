"""Autocorrelation times of the level that chains are on."""

import math

import numpy as np
import pytest
import torch

from ebmbench_ptt.level_times import level_times


@pytest.mark.parametrize("p", [0.05, 0.2, 0.4])
def test_chains_that_trade_at_random_have_the_times_of_a_telegraph(p):
    """C(t) = (1 - 2p)^t."""
    traded = torch.from_numpy(np.random.default_rng(0).random((4000, 50)) < p)
    found, decay = level_times(traded), 1 - 2 * p
    assert found.integrated == pytest.approx(0.5 + decay / (1 - decay), rel=0.1)
    assert found.slowest == pytest.approx(-1 / math.log(decay), rel=0.3)


def test_chains_that_always_trade_forget_at_once():
    found = level_times(torch.ones(20, 7, dtype=torch.bool))
    assert found == (0.5, 0.0)


def test_chains_that_never_trade_never_forget():
    assert level_times(torch.zeros(20, 7, dtype=torch.bool)).slowest == math.inf


def test_a_few_that_never_trade_are_seen_beside_many_that_do():
    traded = torch.from_numpy(np.random.default_rng(0).random((4000, 50)) < 0.5)
    traded[:, :10] = False
    assert level_times(traded).slowest > 500
