"""Waste recycling: exactly unbiased, by enumeration of all rungs' states together."""

import numpy as np
import pytest
import torch
from tempering import ladder, p_at

from ebmbench.interfaces.kernel import Sweeper
from ebmbench_gibbs import TorchKernel
from ebmbench_pt.recycling import recycled_log_weights
from ebmbench_pt.tempered import Tempered
from support import exact
from support.two_layer import random_model

V, H = 3, 2
SWEEPER = Sweeper(TorchKernel(TorchKernel.Options()))


@pytest.mark.parametrize("T", [2, 3])
def test_weighted_chains_of_all_rungs_stand_for_the_model(T):
    """E[sum_t w_t 1(v_t = v)] = p(v) for every v, with all rungs' states drawn independently."""
    model, a0 = random_model(V, H, 1, biases="ab"), torch.tensor([[0.4, -0.8, 0.1]])
    every, betas = torch.from_numpy(exact.states(V)).float(), ladder(1, T)
    S = len(every)
    index = np.stack(np.meshgrid(*[np.arange(S)] * T, indexing="ij")).reshape(T, -1)  # (T, S^T)
    v = every[torch.from_numpy(index)].reshape(1, -1, V)
    tempered = Tempered(model, SWEEPER, a0)
    F = tempered.free_energies(v, torch.stack([betas, torch.ones_like(betas)], 2))
    cold = tempered.free_energies(v[:, -(S**T) :], betas.unsqueeze(1))[:, 0]
    log_w = recycled_log_weights((F[:, :, 0] + F[:, -1:, 0]) - (F[:, :, 1] + cold))
    w = log_w[0].exp().numpy() * S**T
    np.testing.assert_allclose(w.sum(0), 1)
    p = [p_at(model, a0, beta, 0) for beta in betas[0].tolist()]
    joint = np.prod([p[t][index[t]] for t in range(T)], axis=0)
    found = np.zeros(S)
    for t in range(T):
        np.add.at(found, index[t], joint * w[t])
    assert abs(found - p[-1]).max() < 1e-6
    assert w[:-1].mean() > 0.1


def test_what_would_never_be_swapped_has_no_weight():
    log_ratio = torch.tensor([[[-2000.0], [0.0], [0.0]]], dtype=torch.float64)
    assert recycled_log_weights(log_ratio).exp().flatten().tolist() == [0.0, 0.5, 0.5]


def test_where_all_swaps_would_be_made_nothing_is_left_for_the_last_rungs_own():
    w = recycled_log_weights(torch.zeros(1, 4, 2, dtype=torch.float64)).exp()
    np.testing.assert_allclose(w, [[[1 / 6] * 2] * 3 + [[0.0] * 2]])
