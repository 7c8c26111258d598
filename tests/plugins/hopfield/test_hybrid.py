"""Hybrid machines against Hopfield models (appendix E) and against integration over h."""

import numpy as np
import pytest
import torch

from ebmbench import Model, Moment, Noise, Particles
from ebmbench_exact.nll import NLL
from ebmbench_hopfield import HybridRBM, RAHybridRBM
from support import exact
from support.two_layer import random_spins, row_of_state, view_of

V, H, K, N, R = 5, 2, 3, 7, 2
NODES = 60  # of Gauss and Hermite, for each hidden unit


def hybrid_rbm(bias=True, scale=0.7):
    options = HybridRBM.Options(hidden=H, init_std=0.8, bias=bias, scale=scale)
    model = HybridRBM(options, V, Noise(range(R), "init"))
    if bias:
        model.a.data.normal_(0, 0.3, generator=torch.Generator().manual_seed(1))
    return model


def ra_hybrid_rbm(scale=0.5, **options):
    options = RAHybridRBM.Options(hidden=H, patterns=K, scale=scale, **options)
    model = RAHybridRBM(options, V, Noise(range(R), "init"))
    for xi in model.parameters():  # off the spins, as within an epoch
        xi.data += 0.3 * torch.randn(xi.shape, generator=torch.Generator().manual_seed(3))
    return model


MODELS = {"hybrid-rbm": hybrid_rbm, "ra-hybrid-rbm": ra_hybrid_rbm}
each_model = pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)


def hopfield(model, r):
    """J and a of the Hopfield model that appendix E says it is (E1, E2)."""
    if isinstance(model, HybridRBM):
        W = model.options.scale * model.W[r].detach().double().numpy()
        return W @ W.T, np.zeros(V) if model.a is None else model.a[r].detach().double().numpy()
    xi_v, xi_h = (xi[r].detach().double().numpy() for xi in model.parameters())
    return model.options.scale**2 * xi_v.T @ (xi_h @ xi_h.T) @ xi_v / K, np.zeros(V)


def p_hopfield(model, r):
    """p(v) = exp(v'J v / 2 + a'v) / Z of all states."""
    J, a = hopfield(model, r)
    v = exact.states(V)
    log_weight = np.einsum("si,ij,sj->s", v, J, v) / 2 + v @ a
    return np.exp(log_weight - np.logaddexp.reduce(log_weight))


def p_integrated(model):
    """p(v) of all states with h integrated out of exp(-E(v, h)) numerically, (R, 2^V)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)  # weight exp(-h^2 / 2)
    h = np.stack(np.meshgrid(nodes, nodes, indexing="ij"), -1).reshape(-1, H)
    log_w = np.log(np.outer(weights, weights)).reshape(-1) + (h**2).sum(1) / 2
    v = exact.states(V)
    pairs_v, pairs_h = np.repeat(v, len(h), 0), np.tile(h, (len(v), 1))
    E = model.energy(*(torch.from_numpy(s).expand(R, -1, -1) for s in (pairs_v, pairs_h)))
    log_p = np.logaddexp.reduce(log_w - E.detach().numpy().reshape(R, len(v), len(h)), axis=2)
    return np.exp(log_p - np.logaddexp.reduce(log_p, axis=1, keepdims=True))


@each_model
def test_summed_over_h_it_is_the_hopfield_model_of_appendix_e(make):
    model = make().double()
    integrated = p_integrated(model)
    for r in range(R):
        np.testing.assert_allclose(integrated[r], p_hopfield(model, r), rtol=1e-6)


@each_model
def test_the_free_energy_is_the_hopfield_models_energy(make):
    model = make().double()
    v = torch.from_numpy(exact.states(V)).expand(R, -1, -1)
    p = torch.softmax(-model.free_energy(v), 1).detach().numpy()
    for r in range(R):
        np.testing.assert_allclose(p[r], p_hopfield(model, r), rtol=1e-10)


def test_the_constant_that_the_free_energy_leaves_out():
    """exp(-F) and the integral of exp(-E) over h differ by (2 pi)^(H/2), whatever v."""
    model = hybrid_rbm().double()
    v = torch.from_numpy(exact.states(V)).expand(R, -1, -1)
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    x = model.hidden_mean(v).detach().numpy()  # E = h'h/2 - x h - a'v, unit by unit
    log_integral = np.log(np.exp(x[..., None] * nodes) @ weights).sum(-1)
    bias = model.bias_term(v).detach().numpy()
    left_out = log_integral + bias + model.free_energy(v).detach().numpy()
    np.testing.assert_allclose(left_out, H * np.log(2 * np.pi) / 2, rtol=1e-6)


@each_model
@pytest.mark.parametrize("given", ["v", "v and h"])
def test_a_phase_is_autograd_of_the_weighted_energy(make, given):
    model = make().double()
    h = None if given == "v" else random_spins(R, N, H, seed=5).double() + 0.3
    log_weight = torch.randn(R, N, generator=torch.Generator().manual_seed(4)).double()
    particles = Particles(random_spins(R, N, V).double(), h, log_weight)
    for ours, theirs in zip(model.phase(particles), Model.phase(model, particles), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-10)


@each_model
def test_a_field_on_v_is_the_slope_of_the_energy(make):
    model = make().double()
    v, h = random_spins(R, N, V).double(), random_spins(R, N, H, seed=5).double() + 0.3
    flipped = v.clone()
    flipped[..., 1] *= -1
    slope = model.energy(flipped, h) - model.energy(v, h)
    torch.testing.assert_close(slope, 2 * v[..., 1] * model.visible_field(h)[..., 1])


@each_model
def test_nll_is_minus_the_mean_log_probability(make):
    model = make()
    view = view_of(model)
    found = NLL(NLL.Options()).measure(view)["train"]
    for r in range(R):
        rows = row_of_state(view.data.train[r])
        assert found[r].item() == pytest.approx(
            -np.log(p_hopfield(model, r)[rows]).mean(), abs=1e-5
        )


@pytest.mark.parametrize("rule", ["sign", "gibbs"])
def test_patterns_are_brought_back_to_spins(rule):
    model = ra_hybrid_rbm(binarize={"rule": rule})
    model.project(Moment(1, 4, True), Noise(range(R), "project"))
    assert all((xi.abs() == 1).all() for xi in model.parameters())


def test_scale_makes_it_hopfields_own_normalisation():
    """W = xi' / sqrt(V): J = xi'xi / V with stored patterns xi of spins."""
    model = HybridRBM(HybridRBM.Options(hidden=H, scale=V**-0.5), V, Noise(range(R), "init"))
    xi = random_spins(R, H, V)
    model.W.data = xi.mT.contiguous()
    v = random_spins(R, N, V)
    J = xi.mT @ xi / V
    torch.testing.assert_close(model.free_energy(v), -((v @ J) * v).sum(-1) / 2)
