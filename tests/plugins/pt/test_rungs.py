"""Ladders: even, made anew by rejections, and the round trips that they allow."""

import numpy as np
import pytest
import torch
from tempering import ladder

from ebmbench_pt.ladder import LEAST, equalised, round_trip_rate
from ebmbench_pt.travel import DOWN, UP, Travel


def test_where_all_swaps_are_rejected_alike_rungs_stay():
    betas = ladder(2, 7)
    rejection = torch.tensor([[0.3], [0.01]], dtype=torch.float64).expand(-1, 6)
    np.testing.assert_allclose(equalised(betas, rejection), betas, atol=1e-12)


def test_rungs_go_where_rejections_are():
    """Lambda = 0, 0.6, 0.8 at 0, 1/2, 1: the middle is at 0.4, two thirds of the way to 1/2."""
    betas = ladder(1, 3)
    found = equalised(betas, torch.tensor([[0.6, 0.2]], dtype=torch.float64))
    Lambda = np.array([0.6, 0.2]) + LEAST / 2
    assert found[0, 1].item() == pytest.approx(Lambda.sum() / 2 / Lambda[0] * 0.5)
    assert found[0].tolist()[::2] == [0.0, 1.0]


def test_a_ladder_made_anew_rejects_alike_where_rejections_are_a_function_of_the_rungs():
    """Lambda(beta) = 2 beta^3 beyond the linear interpolation: a few rounds reach it."""
    betas = ladder(2, 9)
    for _ in range(10):
        betas = equalised(betas, (2 * betas**3).diff(dim=1))
    rejection = (2 * betas**3 + LEAST * betas).diff(dim=1)
    assert rejection.std() < 1e-3
    assert (betas.diff(dim=1) > 0).all()
    np.testing.assert_allclose(betas[0], (np.arange(9) / 8) ** (1 / 3), atol=0.02)


@pytest.mark.parametrize("rejection", [0.0, 1.0])
def test_rungs_stay_apart_where_swaps_are_never_or_always_accepted(rejection):
    found = equalised(ladder(1, 5), torch.tensor([[0.0, rejection, 0.0, 0.0]]).double())
    assert (found.diff(dim=1) > 0).all()
    assert found[0, [0, -1]].tolist() == [0.0, 1.0]


def test_a_ladder_without_rejections_lets_one_walker_round_in_two_updates():
    assert round_trip_rate(torch.zeros(1, 4)).item() == 0.5
    rate = round_trip_rate(torch.tensor([[0.5, 0.2]]))
    assert rate.item() == pytest.approx(1 / (2 + 2 * (1 + 0.25)))


def test_a_round_trip_is_from_the_hot_end_to_the_cold_one_and_back():
    """One ladder of three rungs, moved by hand: which walker stands where, and what is counted."""
    travel = Travel.begun(torch.zeros(1, 3, dtype=torch.int8))
    stay, low, high = [0, 1, 2], [1, 0, 2], [0, 2, 1]
    seen = []
    for came_from in (stay, low, high, low, high, low, high, low):
        travel = travel.on(torch.tensor(came_from).view(1, 3, 1))
        seen.append((travel.heading[0].tolist(), int(travel.trips)))
    assert seen == [
        ([UP, 0, 0], 0),
        ([UP, UP, 0], 0),
        ([UP, 0, DOWN], 0),
        ([UP, UP, DOWN], 0),  # one that has seen no cold end is at the hot end: no trip
        ([UP, DOWN, DOWN], 0),
        ([UP, UP, DOWN], 1),
        ([UP, DOWN, DOWN], 1),
        ([UP, UP, DOWN], 2),
    ]
