"""CD-k and PCD-k take exactly k steps, from where they should."""

import pytest
import torch

from ebmbench import Noise, Particles
from ebmbench_gibbs import CD, PCD, RBM, TorchKernel
from support import exact
from support.no_drift import assert_frequencies
from support.two_layer import numbers, row_of_state

V, H, R = 5, 3, 40_000  # replicas of one model are the sample
KERNEL = TorchKernel(TorchKernel.Options())


@pytest.fixture(scope="module")
def model():
    one = RBM(RBM.Options(hidden=H, init_std=0.6), V, Noise([3], "init"))
    one.W.data = one.W.data.expand(R, -1, -1).contiguous()
    one.replicas = R
    return one


def after(model, start, steps):
    """p(v) after that many exact block-Gibbs steps from the state ``start`` (V,)."""
    joint = exact.joint(*numbers(model, 0))
    h_given_v = joint / joint.sum(1, keepdims=True)
    v_given_h = (joint / joint.sum(0, keepdims=True)).T
    step = torch.from_numpy(h_given_v @ v_given_h).matrix_power(steps)
    return step[row_of_state(start).item()].numpy()


START = torch.tensor([1.0, -1.0, -1.0, 1.0, 1.0])


@pytest.mark.parametrize("k", [1, 2, 5])
def test_cd_takes_k_steps_from_the_batch(model, k):
    batch = Particles(START.expand(R, 1, V))
    particles, _ = CD(CD.Options(k=k), KERNEL).particles(model, batch, None, Noise(range(R), "cd"))
    assert_frequencies(row_of_state(particles.v[:, 0]), after(model, START, k))


def test_cd_weighs_its_chains_as_the_batch_is_weighed(model):
    log_weight = torch.full((R, 1), -1.0)
    batch = Particles(START.expand(R, 1, V), log_weight=log_weight)
    particles, _ = CD(CD.Options(), KERNEL).particles(model, batch, None, Noise(range(R), "cd"))
    assert torch.equal(particles.log_weight, log_weight)


@pytest.mark.parametrize("updates", [1, 3])
def test_pcd_goes_on_from_where_its_chains_stand_whatever_the_batch(model, updates):
    sampler, noise = PCD(PCD.Options(k=2, chains=1), KERNEL), Noise(range(R), "pcd")
    state = sampler.start(model, None, noise)._replace(v=START.expand(R, 1, V))
    for _ in range(updates):
        batch = Particles(-START.expand(R, 7, V))
        particles, state = sampler.particles(model, batch, state, noise)
    assert_frequencies(row_of_state(particles.v[:, 0]), after(model, START, 2 * updates))


def test_pcd_chains_start_as_fair_coins(model):
    chains = PCD(PCD.Options(chains=2), KERNEL).start(model, None, Noise(range(R), "start")).v
    assert chains.shape == (R, 2, V)
    assert_frequencies(row_of_state(chains[:, 1]), torch.full((2**V,), 2.0**-V).numpy())
