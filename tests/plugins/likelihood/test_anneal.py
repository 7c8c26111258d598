"""The log-weights of both directions against their exact distributions."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from annealing import path_to

from ebmbench import Noise
from ebmbench_likelihood.anneal import forward, reverse
from support import exact
from support.no_drift import CHAINS, drawn_exactly
from support.two_layer import numbers, oracle, random_model, row_of_state

BASES = ["uniform", "data"]


def noise_of(model):
    return Noise(range(model.replicas), "anneal")


def log_z_of_base(path, H):
    """By enumeration of the base's states."""
    v = exact.states(path.base.a0.shape[1])
    return np.array(
        [np.logaddexp.reduce(v @ a0.double().numpy()) for a0 in path.base.a0]
    ) + H * np.log(2)


def assert_mean_is_one(w):
    """Within four standard errors, for each replica (R, N)."""
    error = w.std(1) / np.sqrt(w.shape[1])
    assert (np.abs(w.mean(1) - 1) <= 4 * error).all()
    assert (error < 0.1).all()


@pytest.mark.parametrize("base", BASES)
def test_a_ladder_of_one_step_is_plain_importance_sampling(base):
    model = random_model(5, 3, biases="ab")
    path = path_to(model, base)
    log_w = forward(path, [0.0, 1.0], 11, noise_of(model)).log_weights
    v = path.base.draw(11, noise_of(model))  # the same draw
    assert log_w.shape == (1, 2, 11)
    for r, state in enumerate(row_of_state(v)):
        target = np.logaddexp.reduce(-exact.energies(*numbers(model, r)), axis=1)[state]
        proposal = v[r].double().numpy() @ path.base.a0[r].double().numpy() + 3 * np.log(2)
        np.testing.assert_allclose(log_w[0, r], target - proposal, atol=1e-5)


@pytest.mark.parametrize("base", BASES)
def test_weights_are_unbiased_at_every_rung(base):
    model = random_model(5, 3, scale=0.6, biases="ab")
    path = path_to(model, base)
    log_w = forward(path, [0.0, 0.4, 0.7, 1.0], CHAINS, noise_of(model)).log_weights.numpy()
    log_z = oracle(exact.log_z, model) - log_z_of_base(path, 3)
    assert_mean_is_one(np.exp(log_w[-1] - log_z[:, None]))
    if base == "uniform":
        for beta, at in ((0.4, log_w[0]), (0.7, log_w[1])):
            hot = np.array(
                [exact.log_z(*(beta * part for part in numbers(model, r))) for r in range(2)]
            )
            assert_mean_is_one(np.exp(at - (hot - log_z_of_base(path, 3))[:, None]))


@pytest.mark.parametrize("base", BASES)
def test_weights_of_the_way_back_from_exact_samples_are_unbiased(base):
    model = random_model(5, 3, scale=0.6, biases="ab")
    path = path_to(model, base)
    log_w = reverse(path, [0.0, 0.4, 0.7, 1.0], drawn_exactly(model), noise_of(model)).numpy()
    log_z = oracle(exact.log_z, model) - log_z_of_base(path, 3)
    assert_mean_is_one(np.exp(log_w[-1] + log_z[:, None]))


def test_there_and_back_have_the_same_work_distribution_on_two_states():
    """P_back(-w) = P_there(w) exp(w) Z_base / Z (Crooks 1999), value by value of w."""
    model = random_model(1, 2, R=1, scale=0.8, biases="a")
    path, betas = path_to(model, "uniform"), [0.0, 0.3, 1.0]
    there = forward(path, betas, CHAINS, noise_of(model)).log_weights[-1, 0].numpy()
    back = -reverse(path, betas, drawn_exactly(model), noise_of(model))[-1, 0].numpy()
    log_z = oracle(exact.log_z, model)[0] - log_z_of_base(path, 2)[0]
    values = np.unique(there.round(4))
    assert len(values) == 4  # two states at each of two rungs
    for w in values:
        expected = (there.round(4) == w).mean() * np.exp(w - log_z)
        assert (back.round(4) == w).mean() == pytest.approx(expected, abs=0.015)


def test_log_weights_of_both_directions_at_one_state_are_each_others_negative():
    model = random_model(5, 3)
    path = path_to(model)
    v = path.base.draw(7, noise_of(model))
    torch.testing.assert_close(path.drop(v, 0.0, 1.0), -path.drop(v, 1.0, 0.0), rtol=0, atol=0)
    torch.testing.assert_close(
        reverse(path, [0.0, 1.0], v, noise_of(model))[0], path.drop(v, 1.0, 0.0), rtol=0, atol=0
    )


def test_the_last_rung_of_the_way_back_is_the_whole_way_and_the_first_its_end():
    """With rungs that do not differ, each step has weight 1."""
    model = random_model(5, 3)
    path = path_to(model, "uniform")
    v = path.base.draw(7, noise_of(model))
    log_w = reverse(path, [0.0, 1.0, 1.0, 1.0], v, noise_of(model))
    assert (log_w[0] != 0).any()
    torch.testing.assert_close(log_w, log_w[:1].expand(3, -1, -1))
