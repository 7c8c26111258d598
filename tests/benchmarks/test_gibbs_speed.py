"""Gibbs steps v -> h -> v of 2048 chains, one replica, against plain torch and other libraries.

A sweep of one step, as CD-1 makes it, and a loop of ten, as CD-10 and PCD-10 do. All return v.
"""

from __future__ import annotations

import numpy as np
import plain
import pytest
import torch

from ebmbench import Chains, Noise
from ebmbench_cpu import NumbaKernel
from ebmbench_gibbs import RBM
from ebmbench_rapid import RARBM

CHAINS = 2048
KERNEL = NumbaKernel(NumbaKernel.Options())


def rbms_step(W):
    """A step by the functions of the ``rbms`` package, which has units 0 and 1."""
    implement = pytest.importorskip("rbms.bernoulli_bernoulli.implement", reason="pip install rbms")
    zero_v, zero_h = torch.zeros(W.shape[0]), torch.zeros(W.shape[1])

    def step(v):
        h, _ = implement._sample_hiddens(v, W, zero_h)
        return implement._sample_visibles(h, W, zero_v)[0]

    return step


def scikit_learn_step(W):
    """A step by scikit-learn's BernoulliRBM, which has units 0 and 1."""
    network = pytest.importorskip("sklearn.neural_network", reason="pip install scikit-learn")
    model = network.BernoulliRBM(n_components=W.shape[1], random_state=0)
    model.components_ = W.T.numpy().copy()
    model.intercept_hidden_ = np.zeros(W.shape[1], np.float32)
    model.intercept_visible_ = np.zeros(W.shape[0], np.float32)
    return model.gibbs


def rival(name, v, W, k):
    """k steps of the same chains by another."""
    if name == "plain torch":
        return repeated(lambda v: plain.gibbs_step(v, W), v, k)
    if name == "rbms":
        return repeated(rbms_step(W), (v + 1) / 2, k)
    return repeated(scikit_learn_step(W), (v.numpy() > 0).astype(np.float32), k)


def repeated(step, v, k):
    """A function that makes ``k`` steps from ``v``."""

    def run():
        chains = v
        for _ in range(k):
            chains = step(chains)
        return chains

    return run


@pytest.mark.parametrize("k", [1, 10])
@pytest.mark.parametrize(("V", "H"), [(16, 1000), (784, 500)])
@pytest.mark.parametrize("against", ["plain torch", "rbms", "scikit-learn"])
def test_rbm(race, against, V, H, k):
    """One rival at a time: the threads of several libraries would wait busily for one another."""
    model = RBM(RBM.Options(hidden=H, init_std=0.1), V, Noise([0], "init"))
    noise = Noise([0], "x")
    v = noise.coins(CHAINS, V)
    found, _ = race(
        lambda: KERNEL.run_chains(model, Chains(v), k, 1.0, noise),
        {against: rival(against, v[0], model.W[0].detach(), k)},
        rounds=15 if k == 1 else 7,
    )
    assert found.shape == v.shape


def test_ra_rbm_of_mnist(race):
    model = RARBM(RARBM.Options(hidden=3000, patterns=190), 784, Noise([0], "init"))
    noise = Noise([0], "x")
    v = noise.coins(CHAINS, 784)
    W = model.couplings().W[0].detach()
    found, _ = race(
        lambda: KERNEL.run_chains(model, Chains(v), 1, 1.0, noise),
        {"plain torch, on W": lambda: plain.gibbs_step(v[0], W)},
        rounds=7,
    )
    assert found.shape == v.shape
