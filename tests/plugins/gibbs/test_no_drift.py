"""Samplers against full enumeration. Shown to fail with a missing factor 2 in the draw."""

import pytest
import torch

from ebmbench import Chains, Noise, Particles
from ebmbench_gibbs import CD, PCD, RBM, TorchKernel
from ebmbench_rapid import PID, RARBM
from support import exact
from support.no_drift import CHAINS, assert_distributed_as, assert_frequencies, drawn_exactly
from support.two_layer import numbers, row_of_state

V, H, K, R = 5, 3, 2, 2
KERNEL = TorchKernel(TorchKernel.Options())


def rbm(init_std=0.5):
    model = RBM(RBM.Options(hidden=H, init_std=init_std, bias=True), V, Noise(range(R), "init"))
    model.a.data.normal_(0, 0.3, generator=torch.Generator().manual_seed(1))
    model.b.data.normal_(0, 0.3, generator=torch.Generator().manual_seed(2))
    return model


def ra_rbm():
    return RARBM(RARBM.Options(hidden=H, patterns=K), V, Noise(range(R), "init"))


models = pytest.mark.parametrize(
    "model", [rbm(), rbm(3.0), ra_rbm()], ids=["rbm", "strong rbm", "ra-rbm"]
)
sweeps = pytest.mark.parametrize("k", [1, 4, 16])


@models
@sweeps
def test_the_kernels_sweep_leaves_the_distribution_unchanged(model, k):
    v, h = KERNEL.sweep(model, Chains(drawn_exactly(model)), k, 1.0, Noise(range(R), "sweep"))
    assert_distributed_as(model, v)
    joint = row_of_state(torch.cat([v, h], -1))
    for r in range(R):
        assert_frequencies(joint[r], exact.joint(*numbers(model, r)).flatten())


@models
@sweeps
def test_cd_leaves_the_distribution_unchanged(model, k):
    sampler = CD(CD.Options(k=k), KERNEL)
    batch = Particles(drawn_exactly(model))
    particles, _ = sampler.particles(model, batch, None, Noise(range(R), "cd"))
    assert_distributed_as(model, particles.v)


@models
@sweeps
def test_pcd_leaves_the_distribution_unchanged_over_updates(model, k):
    sampler = PCD(PCD.Options(k=k, chains=CHAINS), KERNEL)
    state, noise = Chains(drawn_exactly(model)), Noise(range(R), "pcd")
    for _ in range(3):
        particles, state = sampler.particles(model, Particles(state.v[:, :1]), state, noise)
    assert torch.equal(particles.v, state.v)
    assert_distributed_as(model, particles.v)


@pytest.mark.parametrize("hidden", ["traced", "pattern"])
@sweeps
def test_pid_chains_are_distributed_as_k_exact_steps_from_the_patterns(hidden, k):
    """The patterns are not drawn from p; so the chains are held to T^k, T enumerated."""
    R = 30_000  # replicas are the sample: all of one model
    model = RARBM(RARBM.Options(hidden=H, patterns=K), V, Noise([3], "init"))
    W, a, b = numbers(model, 0)
    start = row_of_state(model.xi_v.detach())[0]
    model.xi_v.data, model.xi_h.data = (
        xi.data.expand(R, -1, -1).contiguous() for xi in (model.xi_v, model.xi_h)
    )
    sampler = PID(PID.Options(k=k, hidden=hidden), KERNEL)
    particles, _ = sampler.particles(model, Particles(None), None, Noise(range(R), "pid"))
    joint = exact.joint(W, a, b)
    h_given_v = joint / joint.sum(1, keepdims=True)
    v_given_h = (joint / joint.sum(0, keepdims=True)).T
    step = h_given_v @ v_given_h
    rows = row_of_state(particles.v)
    for pattern in range(K):
        p = torch.from_numpy(step).matrix_power(k)[start[pattern]].numpy()
        assert_frequencies(rows[:, pattern], p)
    assert (particles.h is None) == (hidden == "traced")
