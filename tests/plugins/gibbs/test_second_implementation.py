"""The same weights in other libraries: the same energies, log Z, gradients and likelihoods.

They have units n = (1 + s) / 2 of 0 and 1 in the place of spins s:

    s'W t + a's + b't = n'(4W) m + (2a - 2 W 1)'n + (2b - 2 W'1)'m + constant,
    constant = 1'W 1 - 1'a - 1'b.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
import torch
from torch import Tensor

from ebmbench import Noise, Particles, Sweeper
from ebmbench.numerics.threads import at_most
from ebmbench_cpu import NumbaKernel
from ebmbench_exact.enumeration import enumerate_states
from ebmbench_gibbs import RBM
from ebmbench_likelihood.anneal import forward
from ebmbench_likelihood.base import Base
from ebmbench_likelihood.bracket import Estimate
from ebmbench_likelihood.path import Path
from ebmbench_likelihood.pseudo import log_pseudo_likelihood
from support import exact
from support.two_layer import random_spins

V, H = 11, 7


class ZeroOne(NamedTuple):
    """An RBM of 0/1 units: -E = n'W m + a'n + b'm; of spins it is ``constant`` more."""

    W: Tensor
    a: Tensor
    b: Tensor
    constant: Tensor


def zero_one(model):
    """Replica 0, in float64."""
    W, a, b = (p.detach()[0].double() for p in model.parameters())
    constant = W.sum() - a.sum() - b.sum()
    return ZeroOne(4 * W, 2 * (a - W.sum(1)), 2 * (b - W.sum(0)), constant)


@pytest.fixture
def model():
    model = RBM(RBM.Options(hidden=H, init_std=0.4, bias=True), V, Noise([1], "init"))
    for index, bias in enumerate((model.a, model.b)):
        bias.data.normal_(0, 0.3, generator=torch.Generator().manual_seed(index))
    return model


@pytest.fixture
def bbrbm(model):
    """The model in the ``rbms`` package."""
    reason = "pip install rbms"
    classes = pytest.importorskip("rbms.bernoulli_bernoulli.classes", reason=reason)
    W, a, b, _ = zero_one(model)
    return classes.BBRBM(weight_matrix=W, vbias=a, hbias=b)


@pytest.fixture
def bernoulli_rbm(model):
    """The model in scikit-learn."""
    network = pytest.importorskip("sklearn.neural_network", reason="pip install scikit-learn")
    W, a, b, _ = zero_one(model)
    rbm = network.BernoulliRBM(n_components=H, random_state=0)
    rbm.components_, rbm.intercept_visible_, rbm.intercept_hidden_ = (
        W.T.numpy(),
        a.numpy(),
        b.numpy(),
    )
    rbm.random_state_ = np.random.RandomState(0)
    return rbm


def free_energies(model, v):
    """F(v) in float64, v (N, V)."""
    return model.double().free_energy(v.double().unsqueeze(0))[0].detach()


def test_free_energies_are_those_of_rbms_and_scikit_learn(model, bbrbm, bernoulli_rbm):
    v = random_spins(13, V)
    n, constant = ((v + 1) / 2).double(), zero_one(model).constant
    ours = free_energies(model, v)
    torch.testing.assert_close(bbrbm.compute_energy_visibles(n) - constant, ours)
    theirs = torch.from_numpy(bernoulli_rbm._free_energy(n.numpy()))
    torch.testing.assert_close(theirs - constant, ours)


def test_log_z_is_that_of_their_energies_over_all_states(model, bbrbm):
    n = torch.from_numpy((exact.states(V) + 1) / 2)
    theirs = torch.logsumexp(-bbrbm.compute_energy_visibles(n), 0) + zero_one(model).constant
    torch.testing.assert_close(enumerate_states(model).log_z[0], theirs, rtol=0, atol=1e-5)


def test_ais_gives_the_log_z_of_their_ais(model, bbrbm):
    from rbms.partition_function.ais import compute_partition_function_ais

    bbrbm.weight_matrix, bbrbm.vbias, bbrbm.hbias = (p.float() for p in bbrbm.parameters())
    torch.manual_seed(0)
    with at_most(1):
        theirs = compute_partition_function_ais(499, 200, bbrbm) + zero_one(model).constant.item()
    path = Path.of(
        model, Sweeper(NumbaKernel(NumbaKernel.Options())), Base.uniform(random_spins(1, 7, V))
    )
    with at_most(1):
        arrived = forward(path, np.linspace(0, 1, 200).tolist(), 499, Noise([1], "ais"))
    ours = (path.log_z_of_base() + Estimate.of(arrived.log_weights[-1]).log_mean).item()
    assert ours == pytest.approx(theirs, abs=0.1)
    assert ours == pytest.approx(enumerate_states(model).log_z.item(), abs=0.1)


def test_the_gradient_is_that_of_rbms_by_the_chain_rule(model, bbrbm):
    data, chains = random_spins(1, 13, V, seed=1), random_spins(1, 17, V, seed=2)
    ours = [
        down - up
        for up, down in zip(
            model.phase(Particles(data)), model.phase(Particles(chains)), strict=True
        )
    ]
    for p in bbrbm.parameters():
        p.grad = torch.zeros_like(p)
    bbrbm.compute_gradient(*(in_units(bbrbm, v[0]) for v in (data, chains)), centered=False)
    W, a, b = (p.grad for p in bbrbm.parameters())
    theirs = (4 * W - 2 * a.unsqueeze(1) - 2 * b, 2 * a, 2 * b)
    for mine, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(mine[0].double(), other, rtol=0, atol=1e-5)


def in_units(bbrbm, v):
    """Spins as the ``rbms`` package has its chains."""
    n = ((v + 1) / 2).double()
    hidden = torch.sigmoid(n @ bbrbm.weight_matrix + bbrbm.hbias)
    weights = torch.ones(len(n)).double()
    return {"visible": n, "hidden_mag": hidden, "weights": weights}


def test_conditionals_are_those_of_scikit_learn(model, bernoulli_rbm):
    v = random_spins(13, V)
    ours = torch.sigmoid(2 * model.hidden_field(v.unsqueeze(0)))[0].detach().numpy()
    np.testing.assert_allclose(bernoulli_rbm.transform((v.numpy() + 1) / 2), ours, atol=1e-6)


def test_the_pseudo_likelihood_is_the_mean_of_scikit_learns_stochastic_one(model, bernoulli_rbm):
    v = random_spins(1, 13, V)
    n = ((v[0] + 1) / 2).numpy().repeat(3001, axis=0)  # a unit at random is turned in each row
    theirs = bernoulli_rbm.score_samples(n)
    with torch.no_grad():
        ours = log_pseudo_likelihood(model, v).item()
    error = theirs.std() / np.sqrt(len(theirs))
    assert error < 0.1
    assert ours == pytest.approx(theirs.mean(), abs=4 * error)
