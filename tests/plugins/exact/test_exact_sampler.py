"""The exact sampler: its phase is the derivative of -log Z, for any way to make W."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import nn

from ebmbench import Couplings, Noise, Particles
from ebmbench_exact.exact import Exact
from support import exact
from support.two_layer import TwoLayerModel, oracle, random_model, random_spins, splits_of

BATCH = Particles(random_spins(2, 7, 5))
NOISE = Noise([1, 2], "train")


def phase_of(model):
    return Exact(Exact.Options(), None).negative_phase(model, BATCH, None, NOISE)


class Factored(TwoLayerModel):
    """W = xi_v' xi_h / sqrt(K), and a parameter that no energy depends on."""

    name = "factored"

    def __init__(self, xi_v, xi_h):
        super().__init__(xi_v.mT @ xi_h)
        del self.W
        self.xi_h = nn.Parameter(xi_h)
        self.idle = nn.Parameter(torch.ones(len(xi_v), 13))
        self.xi_v = nn.Parameter(xi_v)

    def couplings(self):
        W = self.xi_v.mT @ self.xi_h / math.sqrt(self.xi_v.shape[1])
        return Couplings(W, None, None)


@pytest.mark.parametrize("biases", ["", "a", "b", "ab"])
@pytest.mark.parametrize(("V", "H"), [(5, 3), (3, 7)])
def test_the_phase_is_minus_the_moments(V, H, biases):
    model = random_model(V, H, biases=biases)
    moments = [("vh", True), ("v", "a" in biases), ("h", "b" in biases)]
    names = [name for name, present in moments if present]
    phase = phase_of(model).phase
    assert len(phase) == len(names)
    for name, found in zip(names, phase, strict=True):
        expected = oracle(lambda *numbers, name=name: getattr(exact.moments(*numbers), name), model)
        np.testing.assert_allclose(found.numpy(), -expected, atol=1e-6)


def test_the_phase_is_the_mean_derivative_of_the_free_energy():
    model = random_model(5, 3, biases="ab", dtype=torch.float64)
    v = torch.from_numpy(exact.states(5)).expand(2, -1, -1)
    log_p = torch.from_numpy(np.log(oracle(exact.p_v, model)))
    expected = model.phase(Particles(v, log_weight=log_p))
    for found, wanted in zip(phase_of(model).phase, expected, strict=True):
        torch.testing.assert_close(found, wanted, rtol=0, atol=1e-6)


def test_patterns_get_their_share_by_the_chain_rule():
    rng = np.random.default_rng(3)
    xi_v, xi_h = (torch.from_numpy(rng.standard_normal((2, 11, n))).float() for n in (5, 3))
    model = Factored(xi_v, xi_h)
    vh = torch.from_numpy(oracle(lambda *numbers: exact.moments(*numbers).vh, model)).float()
    by_name = dict(zip(dict(model.named_parameters()), phase_of(model).phase, strict=True))
    scale = -1 / math.sqrt(11)
    torch.testing.assert_close(by_name["xi_v"], scale * xi_h @ vh.mT, rtol=0, atol=1e-5)
    torch.testing.assert_close(by_name["xi_h"], scale * xi_v @ vh, rtol=0, atol=1e-5)
    assert not by_name["idle"].any()


def test_the_phase_is_a_number_even_where_gradients_are_off():
    with torch.no_grad():
        assert not phase_of(random_model(5, 3)).phase[0].requires_grad


def test_a_diverged_replica_stays_alone():
    model = random_model(5, 3)
    expected = phase_of(model).phase[0][0]
    with torch.no_grad():
        model.W[1] = float("nan")
    (found,) = phase_of(model).phase
    assert torch.equal(found[0], expected)
    assert found[1].isnan().all()


def test_it_has_no_particles_draws_nothing_and_keeps_its_state():
    negative = phase_of(random_model(5, 3))
    assert negative.particles is None
    assert negative.state is None
    assert NOISE.step == 0


def test_it_refuses_what_cannot_be_enumerated():
    data = splits_of(BATCH.v, BATCH.v)
    sampler = Exact(Exact.Options(), None)
    assert sampler.supports(random_model(5, 3), data) is None
    assert "H=31" in sampler.supports(random_model(29, 31), data)


def test_its_cost_grows_with_the_states_and_is_halved_without_biases():
    def cost(model):
        return Exact(Exact.Options(), None).cost(model, 1)

    assert cost(random_model(7, 3)).macs == 5 * 2**2 * 7
    assert cost(random_model(3, 7, biases="a")).macs == 5 * 2**3 * 7
    assert cost(random_model(5, 11)).randoms == 0
    assert cost(random_model(5, 11)).bytes == 16 * 2**4 * 11
