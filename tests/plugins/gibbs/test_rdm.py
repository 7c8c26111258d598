"""Rdm-k starts its chains anew, and takes k steps."""

import pytest
import torch

from ebmbench import Chains, Noise, Particles
from ebmbench_gibbs import RBM, TorchKernel
from ebmbench_gibbs.rdm import RDM
from support.two_layer import splits_of

R, V, H, CHAINS = 2, 7, 5, 11
KERNEL = TorchKernel(TorchKernel.Options())


def rbm(replicas=R):
    return RBM(RBM.Options(hidden=H, init_std=0.6, bias=True), V, Noise(range(replicas), "init"))


def drawn(sampler, model, data, noise):
    state = sampler.start(model, data, Noise(range(model.replicas), "start"))
    return sampler.particles(model, Particles(data.train), state, noise)


def coins(rows, replicas=R):
    v = Noise(range(replicas), "data").coins(rows, V)
    return splits_of(v, v)


@pytest.mark.parametrize("k", [1, 3])
def test_chains_take_k_steps_from_fair_coins_at_every_update(k):
    sampler, model = RDM(RDM.Options(k=k, chains=CHAINS), KERNEL), rbm()
    noise, ours, its = Noise(range(R), "x"), Noise(range(R), "x"), []
    for _ in range(2):
        particles, _ = drawn(sampler, model, coins(3), noise)
        start = ours.spins(torch.zeros(R, CHAINS, V))
        expected = KERNEL.run_chains(model, Chains(start), k, 1.0, ours)
        assert torch.equal(particles.v, expected.v)
        its.append(particles.v)
    assert not torch.equal(*its)


def test_without_steps_they_are_the_start_itself():
    particles, _ = drawn(RDM(RDM.Options(k=0, chains=CHAINS), None), rbm(), coins(3), Noise([0, 1]))
    assert torch.equal(particles.v, Noise([0, 1]).coins(CHAINS, V))


def test_they_may_start_with_the_means_of_the_data():
    """Four rows that are all up: 1 + 4 of 2 + 4."""
    up = torch.ones(1, 4, V)
    sampler = RDM(RDM.Options(k=0, chains=4000, start="data-mean"), None)
    particles, _ = drawn(sampler, rbm(1), splits_of(up, up), Noise([0]))
    expected = 2 * (5 / 6) - 1
    error = (1 - expected**2) ** 0.5 / (4000 * V) ** 0.5
    assert particles.v.mean().item() == pytest.approx(expected, abs=5 * error)
