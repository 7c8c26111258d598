"""Swaps: who meets whom, and that the joint distribution of all rungs stays as it is, exactly."""

import numpy as np
import pytest
import torch
from tempering import ladder, p_at

from ebmbench import Noise
from ebmbench.interfaces.kernel import Sweeper
from ebmbench_gibbs import TorchKernel
from ebmbench_pt.swaps import acceptance, accepted, partners, rejected_of_late, swap_log_ratio
from ebmbench_pt.tempered import Tempered
from support import exact
from support.two_layer import random_model

R, V, H = 2, 4, 3
SWEEPER = Sweeper(TorchKernel(TorchKernel.Options()))


def free_energies_of_pairs(model, a0, betas):
    """F_i(v_i) and F_j(v_i) for all pairs of states of two rungs, each (R, 2, 4^V)."""
    every = torch.from_numpy(exact.states(V)).float()
    first, second = every.repeat_interleave(2**V, 0), every.repeat(2**V, 1)
    v = torch.cat([first, second]).expand(R, -1, -1)
    at = torch.stack([betas, betas.flip(1)], 2)
    return Tempered(model, SWEEPER, a0).free_energies(v, at).unbind(2)


@pytest.mark.parametrize("base", ["data", "uniform"])
@pytest.mark.parametrize("biases", ["", "ab"])
def test_a_swap_leaves_the_law_of_both_rungs_unchanged(base, biases):
    """The transition matrix on all pairs of states, against p_i p_j by enumeration of v and h."""
    model, S = random_model(V, H, R, biases=biases), 2**V
    a0 = torch.tensor([[0.3, -0.7, 0.0, 1.1], [0.2, 0.5, -0.9, 0.1]]) * (base == "data")
    betas = torch.tensor([[0.2, 1.0], [0.0, 0.6]], dtype=torch.float64)
    stay, go = free_energies_of_pairs(model, a0 if base == "data" else None, betas)
    log_ratio = swap_log_ratio(stay, go, torch.tensor([[1, 0], [1, 0]]))
    assert torch.equal(log_ratio[:, 0], log_ratio[:, 1])
    for r in range(R):
        alpha = acceptance(log_ratio[r, 0]).numpy()
        here = np.arange(S * S)
        swapped = here % S * S + here // S
        P = np.zeros((S * S, S * S))
        np.add.at(P, (here, swapped), alpha)
        np.add.at(P, (here, here), 1 - alpha)
        one, other = (p_at(model, a0, beta, r) for beta in betas[r].tolist())
        pi = np.outer(one, other).ravel()
        assert alpha.min() < 0.9
        assert abs(pi @ P - pi).max() < 1e-7  # x is a float32 sum
        own = np.exp(-(stay[r, 0] + stay[r, 1]).numpy())  # of the same free energies: exactly
        own /= own.sum()
        assert abs(own @ P - own).max() < 1e-12


def test_rungs_meet_their_neighbours_in_turn():
    even, odd = partners(torch.tensor([0, 1]), 5)
    assert even.tolist() == [1, 0, 3, 2, 4]
    assert odd.tolist() == [0, 2, 1, 4, 3]
    assert partners(torch.tensor([1]), 2).tolist() == [[0, 1]]
    assert partners(torch.tensor([1]), 4).tolist() == [[0, 2, 1, 3]]


@pytest.mark.parametrize("rungs", [2, 3, 4, 5])
@pytest.mark.parametrize("parity", [0, 1])
def test_what_is_swapped_is_swapped_on_both_sides_with_numbers_of_its_own(rungs, parity):
    N, partner = 211, partners(torch.tensor([parity, parity]), rungs)
    noise = Noise([1, 2], "swap")
    log_ratio = torch.full((2, rungs, N), float(np.log(0.3)), dtype=torch.float64)
    came_from = accepted(log_ratio, partner, noise.words(rungs // 2, N))
    t = torch.arange(rungs).view(1, -1, 1).expand_as(came_from)
    assert torch.equal(came_from.sort(1).values, t)  # nobody is lost
    moved = came_from != t
    met = (partner != torch.arange(rungs)).unsqueeze(2).expand_as(moved)
    assert not moved[~met].any()
    assert torch.equal(came_from[moved], partner.unsqueeze(2).expand_as(moved)[moved])
    if met.any():
        share = moved[met].double().mean()
        assert abs(share - 0.3) < 4 * (0.21 / (int(met.sum()) // 2)) ** 0.5
    rows = [tuple(row.tolist()) for row in moved[0] if row.any()]
    assert len(set(rows)) == len(rows) // 2  # both sides of a pair alike, no pair like another


def test_surely_better_places_are_always_taken_and_surely_worse_never():
    partner = partners(torch.tensor([0]), 2)
    words = torch.tensor([[[0, 2**32 - 1]]])
    better, worse = (torch.full((1, 2, 2), x, dtype=torch.float64) for x in (0.0, -800.0))
    assert accepted(better, partner, words).tolist() == [[[1, 1], [0, 0]]]
    assert accepted(worse, partner, words).tolist() == [[[0, 0], [1, 1]]]


def test_rejections_are_kept_of_those_that_have_met():
    before = torch.tensor([[0.5, 0.5, 0.5]], dtype=torch.float64)
    log_ratio = torch.log(torch.tensor([[[0.2, 0.4], [0.2, 0.4], [1.0, 0.5], [1.0, 0.5]]]).double())
    even = rejected_of_late(before, log_ratio, partners(torch.tensor([0]), 4), 0.1)
    odd = rejected_of_late(before, log_ratio, partners(torch.tensor([1]), 4), 0.1)
    np.testing.assert_allclose(even, [[0.45 + 0.07, 0.5, 0.45 + 0.025]])
    np.testing.assert_allclose(odd, [[0.5, 0.45 + 0.07, 0.5]])


def test_the_ladder_of_the_oracle_is_even():
    assert ladder(1, 3).tolist() == [[0.0, 0.5, 1.0]]
