"""The rungs as distributions: their free energies, and steps that leave them unchanged."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from annealing import path_to, ra_rbm

from ebmbench import Noise
from support import exact
from support.no_drift import assert_distributed_as, drawn_exactly
from support.two_layer import TwoLayerModel, numbers, random_model, random_spins


def rung(model, path, beta):
    """The distribution at ``beta``, its couplings written out."""
    W, a, b = (torch.from_numpy(np.stack(part)) for part in zip(
        *(numbers(model, r) for r in range(model.replicas)), strict=True
    ))  # fmt: skip
    return TwoLayerModel(beta * W, beta * a + (1 - beta) * path.base.a0.double(), beta * b)


@pytest.mark.parametrize("base", ["uniform", "data"])
@pytest.mark.parametrize("beta", [0.0, 0.3, 1.0])
def test_free_energies_are_those_of_the_rung(base, beta):
    model = random_model(5, 3, biases="ab")
    path, v = path_to(model, base), random_spins(2, 7, 5)
    found = path.free_energies(v, torch.full((2, 1), beta, dtype=torch.float64))[:, 0]
    expected = rung(model, path, beta).free_energy(v.double()).detach()
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("base", ["uniform", "data"])
@pytest.mark.parametrize("beta", [0.01, 0.6, 1.0])
@pytest.mark.parametrize("patterns", [False, True])
def test_a_sweep_leaves_the_rung_unchanged(base, beta, patterns):
    model = ra_rbm(5, 3, K=2, R=2) if patterns else random_model(5, 3, biases="ab")
    path = path_to(model, base)
    target = rung(model, path, beta)
    v = path.sweep(drawn_exactly(target), 1, beta, Noise([1, 2], "sweep"))
    assert_distributed_as(target, v)


@pytest.mark.parametrize("base", ["uniform", "data"])
def test_the_base_is_drawn_from_its_distribution_and_its_log_z_is_known(base):
    path = path_to(random_model(5, 3), base)
    target = rung(random_model(5, 3), path, 0.0)
    assert_distributed_as(target, path.base.draw(40_000, Noise([1, 2], "base")))
    expected = [exact.log_z(*numbers(target, r)) for r in range(2)]
    np.testing.assert_allclose(path.log_z_of_base(), expected, atol=1e-5)


def test_the_fitted_base_has_the_means_of_the_data_with_a_row_of_each_sign_added():
    path = path_to(random_model(5, 3))
    rows = torch.cat([random_spins(2, 7, 5, seed=1), torch.ones(2, 1, 5), -torch.ones(2, 1, 5)], 1)
    torch.testing.assert_close(path.base.a0.tanh(), rows.mean(1))
