"""Sweeps of spins and Gaussian units: no drift, and the methods that use them."""

import math

import pytest
import torch
from scipy import stats
from test_hybrid import H, K, R, V, hybrid_rbm, p_hopfield, ra_hybrid_rbm

from ebmbench import Chains, Noise, Particles
from ebmbench_gibbs import CD, PCD, RBM
from ebmbench_hopfield import GaussianKernel
from ebmbench_rapid import PID
from support import exact
from support.no_drift import CHAINS, assert_frequencies
from support.two_layer import row_of_state

KERNEL = GaussianKernel(GaussianKernel.Options())
MODELS = {"hybrid-rbm": hybrid_rbm, "ra-hybrid-rbm": ra_hybrid_rbm}
each_model = pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)


def drawn_exactly(model):
    generator = torch.Generator().manual_seed(0)
    p = torch.from_numpy(exact.np.stack([p_hopfield(model, r) for r in range(R)]))
    rows = torch.multinomial(p, CHAINS, replacement=True, generator=generator)
    return torch.from_numpy(exact.states(V))[rows].float()


def assert_distributed(model, v):
    rows = row_of_state(v)
    for r in range(R):
        assert_frequencies(rows[r], p_hopfield(model, r))


@each_model
@pytest.mark.parametrize("k", [1, 4, 16])
def test_a_sweep_leaves_the_distribution_unchanged(make, k):
    """Shown to fail with a standard deviation of 1.1 in the draw of h."""
    model = make()
    v, h = KERNEL.sweep(model, Chains(drawn_exactly(model)), k, 1.0, Noise(range(R), "sweep"))
    assert_distributed(model, v)
    assert h.shape == (R, CHAINS, H)


@each_model
def test_pcd_leaves_the_distribution_unchanged_over_updates(make):
    model = make()
    sampler = PCD(PCD.Options(k=2, chains=CHAINS), KERNEL)
    state, noise = Chains(drawn_exactly(model)), Noise(range(R), "pcd")
    for _ in range(3):
        particles, state = sampler.particles(model, Particles(state.v[:, :1]), state, noise)
    assert particles.h is None  # summed out, as it follows from v
    assert_distributed(model, particles.v)


@pytest.mark.parametrize("beta", [1.0, 0.25])
def test_hidden_units_are_normal_around_their_field(beta):
    model = hybrid_rbm()
    model.a.data.fill_(1e4)  # v stays where it is
    v = torch.ones(R, 20_011, V)
    after, h = KERNEL.sweep(model, Chains(v), 1, beta, Noise(range(R), "x"))
    assert torch.equal(after, v)
    for r in range(R):
        for unit in range(H):
            z = math.sqrt(beta) * (h - model.hidden_mean(v))[r, :, unit].detach()
            assert stats.kstest(z.numpy(), "norm").pvalue > 1e-4


@pytest.mark.parametrize("k", [0, 1])
@pytest.mark.parametrize("hidden", ["traced", "pattern"])
def test_pid_takes_the_patterns(k, hidden):
    model = ra_hybrid_rbm()
    sampler = PID(PID.Options(k=k, hidden=hidden), KERNEL)
    particles, _ = sampler.particles(model, Particles(None), None, Noise(range(R), "pid"))
    assert particles.v.shape == (R, K, V)
    assert (particles.h is None) == (hidden == "traced")
    assert all(part.isfinite().all() for part in model.phase(particles))


def test_a_replicas_spins_do_not_depend_on_the_others():
    model = hybrid_rbm()
    v = torch.ones(R, 7, V)
    together, _ = KERNEL.sweep(model, Chains(v), 3, 1.0, Noise(range(R), "x"))
    model.W.data, model.a.data = model.W.data[1:], model.a.data[1:]
    alone, _ = KERNEL.sweep(model, Chains(v[1:]), 3, 1.0, Noise([1], "x"))
    assert torch.equal(together[1:], alone)


def test_what_cannot_be_swept_is_told():
    plain = RBM(RBM.Options(hidden=H), V, Noise(range(R), "init"))
    assert "'rbm'" in KERNEL.supports(plain, torch.device("cpu"))
    assert KERNEL.supports(hybrid_rbm(), torch.device("cpu")) is None
    assert "'hybrid-rbm'" in CD(CD.Options(), None).supports(hybrid_rbm(), None)
