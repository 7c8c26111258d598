"""Boltzmann machines of all masks against enumeration of all their units."""

import numpy as np
import pytest
import torch
from machines import MASKS, H, K, R, V, boltzmann, energies, numbers, ra_boltzmann
from machines import joint as joint_of
from pydantic import ValidationError

from ebmbench import Model, Moment, Noise, Particles
from ebmbench_boltzmann import Boltzmann, RABoltzmann
from ebmbench_gibbs import RBM
from ebmbench_rapid import RARBM
from support import exact
from support.two_layer import random_spins

N = 7
KINDS = {"boltzmann": boltzmann, "ra-boltzmann": ra_boltzmann}
each_wiring = pytest.mark.parametrize("wiring", MASKS)
each_kind = pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)


def all_v():
    return torch.from_numpy(exact.states(V)).expand(R, -1, -1)


@each_kind
@each_wiring
def test_free_energy_sums_the_hidden_units_out(make, wiring):
    model = make(wiring).double()
    free = model.free_energy(all_v()).detach().numpy()
    for r in range(R):
        expected = -np.logaddexp.reduce(-energies(*numbers(model, wiring, r)), axis=1)
        np.testing.assert_allclose(free[r], expected, rtol=1e-10)


@each_kind
@each_wiring
def test_energy_is_the_oracles(make, wiring):
    model = make(wiring).double()
    s = torch.from_numpy(exact.states(V + H)).expand(R, -1, -1)
    found = model.energy(s[..., :V], s[..., V:]).detach().numpy()
    for r in range(R):
        expected = energies(*numbers(model, wiring, r)).flatten()
        np.testing.assert_allclose(found[r], expected, atol=1e-10)


@each_kind
@each_wiring
def test_log_z_is_the_oracles(make, wiring):
    model = make(wiring).double()
    expected = [
        np.logaddexp.reduce(-energies(*numbers(model, wiring, r)), axis=None) for r in range(R)
    ]
    np.testing.assert_allclose(model.log_z().numpy(), expected, rtol=1e-12)


@each_kind
@each_wiring
def test_the_likelihoods_gradient_is_data_phase_minus_model_phase(make, wiring):
    """Finite differences of the enumerated likelihood, parameter by parameter."""
    model, data = make(wiring).double(), random_spins(R, N, V).double()
    log_p = torch.stack([log_marginal(model, wiring, r) for r in range(R)])
    positive = model.phase(Particles(data))
    negative = model.phase(Particles(all_v(), log_weight=log_p))
    for parameter, d, n in zip(model.parameters(), positive, negative, strict=True):
        for index in range(parameter[0].numel()):
            slope = (d - n).flatten(1)[:, index].numpy()
            np.testing.assert_allclose(slope, difference(model, wiring, data, parameter, index),
                                       atol=1e-7)  # fmt: skip


def log_marginal(model, wiring, r):
    """log p(v) of all v, (2^V,)."""
    return torch.from_numpy(np.log(joint_of(*numbers(model, wiring, r)).sum(1)))


def difference(model, wiring, data, parameter, index, step=1e-5):
    """Of the negative log-likelihood of the data, as one number of each replica is moved."""
    values = []
    for move in (step, -step):
        parameter.data.flatten(1)[:, index] += move
        values.append([nll(model, wiring, data[r], r) for r in range(R)])
        parameter.data.flatten(1)[:, index] -= move
    return (np.array(values[0]) - values[1]) / (2 * step)


def nll(model, wiring, data, r):
    row = ((data > 0).long() * 2 ** torch.arange(V - 1, -1, -1)).sum(-1)
    return -log_marginal(model, wiring, r)[row].mean().item()


@each_kind
@each_wiring
def test_a_phase_of_given_hidden_units_is_autograd_of_the_weighted_energy(make, wiring):
    model = make(wiring).double()
    v, h = random_spins(R, N, V).double(), random_spins(R, N, H, seed=5).double()
    log_weight = torch.randn(R, N, generator=torch.Generator().manual_seed(4)).double()
    particles = Particles(v, h, log_weight)
    for ours, theirs in zip(model.phase(particles), Model.phase(model, particles), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("given", ["v", "v and h"])
def test_a_phase_in_parts_is_the_phase_of_all(given, monkeypatch):
    h = random_spins(R, N, H, seed=5).double() if given == "v and h" else None
    particles = Particles(random_spins(R, N, V).double(), h)
    whole = boltzmann("full").double().phase(particles)
    monkeypatch.setattr("ebmbench.numerics.phases.NUMBERS", 400)
    for one, other in zip(boltzmann("full").double().phase(particles), whole, strict=True):
        torch.testing.assert_close(one, other)


def test_a_bipartite_machine_is_the_rbm():
    ours = boltzmann("bipartite").double()
    rbm = RBM(RBM.Options(hidden=H, bias=True), V, Noise(range(R), "init")).double()
    rbm.W.data = ours.J.detach().view(R, V, H)
    rbm.a.data, rbm.b.data = ours.c.detach()[:, :V], ours.c.detach()[:, V:]
    torch.testing.assert_close(ours.free_energy(all_v()), rbm.free_energy(all_v()))
    particles = Particles(random_spins(R, N, V).double())
    J, c = ours.phase(particles)
    W, a, b = rbm.phase(particles)
    torch.testing.assert_close(J, W.flatten(1), atol=1e-6, rtol=1e-6)
    torch.testing.assert_close(c, torch.cat([a, b], 1), atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize("scale", [1.0, 0.3])
def test_a_bipartite_machine_of_patterns_is_the_ra_rbm(scale):
    ours = ra_boltzmann("bipartite", scale=scale).double()
    ra_rbm = RARBM(RARBM.Options(hidden=H, patterns=K, scale=scale), V, Noise(range(R), "init"))
    ra_rbm.xi_v.data, ra_rbm.xi_h.data = ours.xi_v.detach(), ours.xi_h.detach()
    torch.testing.assert_close(ours.free_energy(all_v()), ra_rbm.free_energy(all_v()))
    particles = Particles(random_spins(R, N, V).double())
    for one, other in zip(ours.phase(particles), ra_rbm.phase(particles), strict=True):
        torch.testing.assert_close(one, other, atol=1e-6, rtol=1e-6)


def test_mean_field_is_exact_where_hidden_units_do_not_couple():
    particles = Particles(random_spins(R, N, V).double())
    exactly = boltzmann("bipartite").double().phase(particles)
    by_mean_field = boltzmann("bipartite", mean_field=60).double().phase(particles)
    for one, other in zip(by_mean_field, exactly, strict=True):
        torch.testing.assert_close(one, other)


@pytest.mark.parametrize("wiring", ["deep", "full"])
def test_mean_field_finds_the_means_where_couplings_are_weak(wiring):
    """It misses how hidden units correlate, so only couplings to v are looked at."""
    particles, errors = Particles(random_spins(R, N, V).double()), []
    for std in (0.01, 0.1):
        model = boltzmann(wiring, std=std, bias=False).double()
        exactly, by_mean_field = (
            boltzmann(wiring, std=std, bias=False, mean_field=n).double().phase(particles)[0]
            for n in (0, 60)
        )
        to_hidden = (model.pairs[0] < V) & (model.pairs[1] >= V)
        error = (by_mean_field - exactly)[:, to_hidden].norm() / exactly[:, to_hidden].norm()
        errors.append(error.item())
    assert errors[0] < 1e-3 < errors[1] < 0.1


def test_mean_field_reaches_its_fixed_point():
    from ebmbench_boltzmann.posterior import mean_field

    model = boltzmann("full").double()
    s = mean_field(model.joint(), model.wiring, random_spins(R, N, V).double(), 200)
    m = torch.tanh(model.joint().field(s))[..., V:]
    torch.testing.assert_close(s[..., V:], m, atol=1e-9, rtol=0)
    assert torch.equal(s[..., :V], random_spins(R, N, V).double())


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"mask": "deep", "hidden": 5}, "layers"),
        ({"mask": "full", "layers": (3, 2)}, "layers"),
        ({"mask": "full"}, "hidden: n"),
        ({"mask": "full", "hidden": 17}, "use mean_field"),
        ({"mask": "deep", "layers": (13, 17)}, "use mean_field"),
    ],
)
def test_sizes_that_do_not_fit_are_told(options, told):
    with pytest.raises(ValidationError, match=told):
        Boltzmann.Options(**options)


def test_one_unit_is_summed_out_of_13_that_all_couple():
    assert Boltzmann.Options(mask="full", hidden=13)


def test_a_free_energy_that_cannot_be_had_is_refused_with_the_reason():
    options = Boltzmann.Options(mask="deep", layers=(13, 17), mean_field=20)
    model = Boltzmann(options, V, Noise(range(R), "init"))
    with pytest.raises(ValueError, match="13 of the hidden units"):
        model.free_energy(random_spins(R, N, V))
    assert "13" in model.cannot_sum()
    assert all(part.isfinite().all() for part in model.phase(Particles(random_spins(R, N, V))))


def test_too_many_units_for_log_z_are_told():
    options = Boltzmann.Options(mask="full", hidden=11)
    assert Boltzmann(options, 13, Noise([1], "init")).cannot_sum() is None
    assert "25" in Boltzmann(options, 15, Noise([1], "init")).cannot_sum()


def test_a_diverged_replica_has_no_log_z_and_the_other_has():
    model = boltzmann("full")
    model.J.data[0, 3] = torch.nan
    log_z = model.log_z()
    assert log_z[0].isnan()
    assert log_z[1].isfinite()


def test_patterns_of_spins_give_couplings_of_the_standard_deviation_asked_for():
    options = RABoltzmann.Options(mask="full", hidden=13, patterns=31, scale=0.7)
    model = RABoltzmann(options, 97, Noise([1], "init"))
    J, c, unit = model.joint()
    off_diagonal = unit * J[0][model.wiring.mask]
    assert c is None
    assert abs(off_diagonal.std().item() - 0.7) < 0.02
    assert (J.diagonal(dim1=1, dim2=2) == 0).all()


@pytest.mark.parametrize("rule", ["sign", "gibbs"])
@each_wiring
def test_patterns_are_brought_back_to_spins(wiring, rule):
    model = ra_boltzmann(wiring, binarize={"rule": rule})
    before = [xi.detach().clone() for xi in model.parameters()]
    model.project(Moment(1, 4, True), Noise(range(R), "project"))
    for xi, was in zip(model.parameters(), before, strict=True):
        assert (xi.abs() == 1).all()
        assert rule == "gibbs" or torch.equal(xi, was.sign())
