"""RBM and RA-RBM: phases against autograd of the enumerated likelihood, fields, energies."""

import pytest
import torch
from pydantic import ValidationError

from ebmbench import Noise, Particles
from ebmbench_gibbs import RBM
from ebmbench_rapid import RARBM
from support import exact
from support.two_layer import numbers, random_spins

V, H, K, N, R = 5, 3, 7, 11, 2


def rbm(bias):
    model = RBM(RBM.Options(hidden=H, init_std=0.7, bias=bias), V, Noise(range(R), "init"))
    if bias:
        model.a.data = torch.randn(R, V, generator=torch.Generator().manual_seed(1))
        model.b.data = torch.randn(R, H, generator=torch.Generator().manual_seed(2))
    return model.double()


def ra_rbm(scale=1.0):
    options = RARBM.Options(hidden=H, patterns=K, scale=scale)
    model = RARBM(options, V, Noise(range(R), "init")).double()
    for xi in model.parameters():  # off the spins, as within an epoch
        xi.data += 0.3 * torch.randn(xi.shape, generator=torch.Generator().manual_seed(3))
    return model


MODELS = {
    "rbm": lambda: rbm(False),
    "rbm with biases": lambda: rbm(True),
    "ra-rbm": ra_rbm,
    "scaled ra-rbm": lambda: ra_rbm(0.3),
}
each_model = pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)


def log_z(model):
    """log Z by enumeration, in torch so that autograd sees it, (R,)."""
    v = torch.from_numpy(exact.states(V)).expand(R, -1, -1)
    return torch.logsumexp(-model.free_energy(v), dim=1)


@each_model
def test_the_likelihoods_gradient_is_data_phase_minus_exact_phase(make):
    model, data = make(), random_spins(R, N, V).double()
    nll = model.free_energy(data).mean(1) + log_z(model)
    expected = torch.autograd.grad(nll.sum(), list(model.parameters()))
    states = torch.from_numpy(exact.states(V)).expand(R, -1, -1)
    log_p = (-model.free_energy(states) - log_z(model).unsqueeze(1)).detach()
    positive = model.phase(Particles(data))
    negative = model.phase(Particles(states, log_weight=log_p))
    for d, n, g in zip(positive, negative, expected, strict=True):
        torch.testing.assert_close(d - n, g, rtol=1e-10, atol=1e-10)


@each_model
@pytest.mark.parametrize("given", ["v", "v and h"])
def test_a_phase_is_autograd_of_the_weighted_energy(make, given):
    model = make()
    h = random_spins(R, N, H, seed=5).double() if given == "v and h" else None
    log_weight = torch.randn(R, N, generator=torch.Generator().manual_seed(4)).double()
    particles = Particles(random_spins(R, N, V).double(), h, log_weight)
    by_autograd = super(type(model), model).phase(particles)
    for ours, theirs in zip(model.phase(particles), by_autograd, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-10)


@each_model
def test_free_energy_sums_the_hidden_units_out(make):
    model = make()
    v = torch.from_numpy(exact.states(V)).expand(R, -1, -1)
    free = model.free_energy(v).detach().numpy()
    for r in range(R):
        p = exact.p_v(*numbers(model, r))
        ours = torch.softmax(torch.from_numpy(-free[r]), 0).numpy()
        torch.testing.assert_close(ours, p, rtol=1e-9, atol=1e-12)


@each_model
def test_energy_is_the_oracles(make):
    model = make()
    v, h = (torch.from_numpy(exact.states(n)) for n in (V, H))
    pairs_v, pairs_h = v.repeat_interleave(len(h), 0), h.repeat(len(v), 1)
    energy = model.energy(pairs_v.expand(R, -1, -1), pairs_h.expand(R, -1, -1)).detach()
    for r in range(R):
        expected = torch.from_numpy(exact.energies(*numbers(model, r))).flatten()
        torch.testing.assert_close(energy[r], expected)


@each_model
def test_fields_are_those_of_the_couplings(make):
    model = make()
    W, a, b = model.couplings()
    v, h = random_spins(R, N, V).double(), random_spins(R, N, H).double()
    zero = torch.zeros(())
    x = v @ W + (zero if b is None else b.unsqueeze(1))
    y = h @ W.mT + (zero if a is None else a.unsqueeze(1))
    torch.testing.assert_close(model.hidden_field(v), x)
    torch.testing.assert_close(model.visible_field(h), y)


def test_large_fields_do_not_overflow():
    model = rbm(False).float()
    model.W.data *= 1e4
    assert model.free_energy(random_spins(R, N, V)).isfinite().all()


@pytest.mark.parametrize("init", ["gaussian", "uniform"])
def test_weights_start_with_the_standard_deviation_asked_for(init):
    model = RBM(RBM.Options(hidden=1009, init_std=0.3, init=init), 211, Noise([1], "init"))
    assert abs(model.W.std().item() - 0.3) < 0.003
    assert abs(model.W.mean().item()) < 0.003
    assert (model.W.abs().max().item() <= 0.3 * 3**0.5) == (init == "uniform")


@pytest.mark.parametrize("scale", [1.0, 0.01, 30.0])
def test_weights_of_spin_patterns_have_the_standard_deviation_asked_for(scale):
    model = RARBM(RARBM.Options(hidden=1009, patterns=31, scale=scale), 211, Noise([1], "init"))
    W = model.couplings().W
    assert abs(W.std().item() / scale - 1) < 0.03
    xi_v, xi_h, factor = model.factors()
    torch.testing.assert_close(factor * (xi_v.mT @ xi_h), W)


def test_patterns_start_as_fair_spins():
    model = RARBM(RARBM.Options(hidden=1009, patterns=31), 211, Noise([1], "init"))
    assert set(model.xi_h.unique().tolist()) == {-1.0, 1.0}
    assert abs(model.xi_h.mean().item()) < 0.02


def test_visible_biases_may_start_from_the_means_of_the_data():
    data = random_spins(R, N, V)
    data[:, :, 0] = 1.0  # a unit that is always up
    options = {"hidden": H, "init_std": 0.0, "bias": True}
    model, plain = (
        RBM(RBM.Options(**options, bias_start=start), V, Noise(range(R), "init"))
        for start in ("data", "zero")
    )
    for each in (model, plain):
        each.start_from(data)
    assert not plain.a.any()
    assert not model.b.any()
    for r in range(R):
        means = exact.moments(*numbers(model, r)).v
        assert means == pytest.approx(data[r].sum(0).numpy() / (N + 2), abs=1e-6)


def test_biases_that_are_not_there_cannot_start_anywhere():
    with pytest.raises(ValidationError, match="there are none: bias: true"):
        RBM.Options(hidden=H, bias_start="data")
