"""Objectives without chains: their slopes, by finite differences and by enumeration."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

from ebmbench import Couplings, Noise, Particles
from ebmbench_flip import MPF, PseudoLikelihoodGradient, RatioMatching
from ebmbench_flip.slopes import _compiled, _in_torch
from ebmbench_gibbs import RBM
from ebmbench_likelihood.pseudo import log_pseudo_likelihood
from support import exact
from support.two_layer import TwoLayerModel, oracle, random_model, random_spins

SAMPLERS = [PseudoLikelihoodGradient, MPF, RatioMatching]
each_sampler = pytest.mark.parametrize("sampler", SAMPLERS, ids=lambda each: each.name)


def negative(sampler, model, batch, noise=None, **options):
    chosen = sampler(sampler.Options(**options), None)
    return chosen.negative_phase(model, batch, None, noise or Noise(range(2), "flip")).phase


def slope(sampler, model, batch, noise=None, **options):
    """dJ: what an update goes along."""
    return [
        d - n
        for d, n in zip(
            model.phase(batch), negative(sampler, model, batch, noise, **options), strict=True
        )
    ]


def turned(v, i):
    v = v.clone()
    v[..., i] *= -1
    return v


def objective(sampler, model, batch):
    """J of all replicas together, from free energies of all neighbours: as its definition says."""
    v = batch.v
    before = model.free_energy(v)
    rises = [model.free_energy(turned(v, i)) - before for i in range(v.shape[2])]
    costs = torch.stack([sampler.objective.cost(rise) for rise in rises]).sum(0)
    return (batch.weights.to(costs) * costs).sum()


@each_sampler
@pytest.mark.parametrize("biases", ["", "a", "b", "ab"])
@pytest.mark.parametrize(("V", "H"), [(5, 3), (3, 41)])
def test_an_update_goes_along_the_slope_of_the_objective(sampler, V, H, biases):
    model = random_model(V, H, biases=biases, scale=0.6)
    log_weight = torch.randn(2, 7, generator=torch.Generator().manual_seed(0))
    batch = Particles(random_spins(2, 7, V), log_weight=log_weight)
    exactly = random_model(V, H, biases=biases, scale=0.6, dtype=torch.float64)
    rows = Particles(batch.v.double(), log_weight=log_weight.double())
    wanted = torch.autograd.grad(objective(sampler, exactly, rows), tuple(exactly.parameters()))
    for found, expected in zip(slope(sampler, model, batch), wanted, strict=True):
        np.testing.assert_allclose(found, expected, atol=3e-5, rtol=1e-4)


@each_sampler
def test_the_slope_is_that_of_finite_differences(sampler):
    model = random_model(5, 3, biases="ab", scale=0.6, dtype=torch.float64)
    batch = Particles(random_spins(2, 7, 5).double())
    found = slope(sampler, random_model(5, 3, biases="ab", scale=0.6), Particles(batch.v.float()))
    for parameter, slopes in zip(model.parameters(), found, strict=True):
        numbers, step = parameter.data.view(-1), 1e-5
        for index in range(0, len(numbers), 4):
            ends = []
            for by in (step, -2 * step):
                numbers[index] += by
                ends.append(objective(sampler, model, batch).item())
            numbers[index] += step
            difference = (ends[0] - ends[1]) / (2 * step)
            assert slopes.reshape(-1)[index].item() == pytest.approx(difference, abs=5e-5)


@each_sampler
def test_there_is_no_slope_where_the_data_are_the_models_own_law(sampler):
    model = random_model(5, 3, biases="ab")
    p = torch.from_numpy(oracle(exact.p_v, model))
    every = torch.from_numpy(exact.states(5)).float().expand(2, -1, -1)
    whole = Particles(every, log_weight=p.log().float())
    for found in slope(sampler, model, whole):
        np.testing.assert_allclose(found, 0, atol=2e-6)
    for found, expected in zip(negative(sampler, model, whole), model.phase(whole), strict=True):
        np.testing.assert_allclose(found, expected, atol=3e-6)


def test_the_pseudo_likelihood_that_is_climbed_is_the_one_that_is_measured():
    model, batch = random_model(5, 3, biases="ab"), Particles(random_spins(2, 7, 5))
    climbed = -objective(PseudoLikelihoodGradient, model, batch).item()
    measured = log_pseudo_likelihood(model, batch.v).sum().item()
    assert climbed == pytest.approx(measured, rel=1e-5)


@each_sampler
def test_some_units_at_a_time_are_right_on_average(sampler):
    model, batch = random_model(5, 3, biases="ab", R=2000), Particles(random_spins(1, 7, 5))
    with torch.no_grad():  # the same model and rows in all replicas
        for parameter in model.parameters():
            parameter.copy_(parameter[:1].expand_as(parameter).clone())
    rows = Particles(batch.v.expand(2000, -1, -1).contiguous())
    noise = Noise(range(2000), "sites")
    some = slope(sampler, model, rows, noise, sites=2)
    every = slope(sampler, model, rows, noise)
    for found, expected in zip(some, every, strict=True):
        error = found.std(0) / 2000**0.5
        assert ((found.mean(0) - expected[0]).abs() <= 5 * error + 1e-5).all()
        assert error.max() > 1e-4  # they do differ


class MadeOfPatterns(TwoLayerModel):
    """W = xi_v' xi_h."""

    def __init__(self, xi_v, xi_h):
        super().__init__(xi_v.mT @ xi_h)
        del self.W
        self.xi_v, self.xi_h = nn.Parameter(xi_v), nn.Parameter(xi_h)

    def couplings(self):
        return Couplings(self.xi_v.mT @ self.xi_h, None, None)

    def hidden_field(self, v):
        return v @ self.couplings().W


@each_sampler
def test_weights_may_be_made_of_anything(sampler):
    draw = partial(torch.randn, generator=torch.Generator().manual_seed(1))
    model = MadeOfPatterns(0.5 * draw(2, 3, 5), 0.5 * draw(2, 3, 4))
    batch = Particles(random_spins(2, 7, 5))
    wanted = torch.autograd.grad(objective(sampler, model, batch), tuple(model.parameters()))
    for found, expected in zip(slope(sampler, model, batch), wanted, strict=True):
        np.testing.assert_allclose(found, expected, atol=3e-5, rtol=1e-4)


@each_sampler
@pytest.mark.parametrize("threads", [1, 2])
def test_plain_torch_finds_the_same(sampler, threads):
    model, batch = random_model(7, 37, biases="ab", scale=0.3), Particles(random_spins(2, 11, 7))
    sites = torch.tensor([[0, 3, 4], [1, 2, 6]])
    with torch.no_grad():
        x = model.hidden_field(batch.v)
        W, a, _ = (each.detach() for each in model.couplings())
        numbers = (sampler.objective, 20.0, x, batch, W, a, sites)
        for one, other in zip(_compiled(*numbers), _in_torch(*numbers), strict=True):
            np.testing.assert_allclose(one, other, atol=2e-5, rtol=1e-4)


def test_mpf_has_a_largest_rise():
    """A row that is far from its model would otherwise pull by exp(rise / 2)."""
    model, batch = random_model(5, 3, scale=30.0), Particles(random_spins(2, 7, 5))
    for found in slope(MPF, model, batch):
        assert found.isfinite().all()
    assert max(each.abs().max() for each in slope(MPF, model, batch)) < 5 * np.exp(10)


@each_sampler
def test_cold_models_give_no_number_that_is_not_finite(sampler):
    model, batch = random_model(5, 3, scale=1e4), Particles(random_spins(2, 7, 5))
    assert all(each.isfinite().all() for each in slope(sampler, model, batch))


def test_it_learns_as_exact_gradients_do():
    """On data that the model can hold: the pseudo-likelihood's optimum is the likelihood's."""
    noise = Noise([0, 1], "model")
    truth = random_model(5, 2, biases="ab", scale=0.5, R=1)
    p = torch.from_numpy(oracle(exact.p_v, truth))
    every = torch.from_numpy(exact.states(5)).float().expand(2, -1, -1)
    whole = Particles(every, log_weight=p.log().float().expand(2, -1))
    model = RBM(RBM.Options(hidden=6, init_std=0.3, bias=True), 5, noise)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(500):
        for parameter, found in zip(
            model.parameters(), slope(PseudoLikelihoodGradient, model, whole), strict=True
        ):
            parameter.grad = found
        optimizer.step()
    q = oracle(exact.p_v, model)
    divergence = (p.numpy() * np.log(p.numpy() / q)).sum(1)
    assert (divergence < 0.02).all()
