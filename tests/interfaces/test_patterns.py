"""Weights made of patterns, and how patterns are brought back to spins."""

import pytest
import torch

from ebmbench import Binarize, Moment, Noise, Particles, Patterns
from ebmbench_rapid import RARBM

V, H, K, R = 5, 11, 3, 2


def off_the_spins(**rule):
    options = RARBM.Options(hidden=H, patterns=K, binarize=Binarize(**rule))
    model = RARBM(options, V, Noise(range(R), "init"))
    for xi in model.parameters():
        xi.data += torch.randn(xi.shape, generator=torch.Generator().manual_seed(3))
    return model


def projected(model, when=None):
    before = [xi.detach().clone() for xi in model.parameters()]
    model.project(when or Moment(1, 4, True), Noise(range(R), "project"))
    return before, [xi.detach() for xi in model.parameters()]


def test_sign_takes_each_component_to_the_nearest_spin():
    for before, after in zip(*projected(off_the_spins(rule="sign")), strict=True):
        assert torch.equal(after, before.sign())


def test_sign_of_zero_is_a_spin():
    model = off_the_spins(rule="sign")
    model.xi_v.data.zero_()
    assert (projected(model)[1][0] == 1).all()


def test_clip_keeps_what_is_inside_the_bound():
    for before, after in zip(*projected(off_the_spins(rule="clip", bound=0.5)), strict=True):
        assert torch.equal(after, before.clamp(-0.5, 0.5))


def test_gibbs_draws_spins_from_the_models_own_conditionals():
    R = 20_000
    model = RARBM(
        RARBM.Options(hidden=2, patterns=1, binarize=Binarize(rule="gibbs")), 2, Noise([1], "i")
    )
    xi_v = torch.tensor([[0.5, -0.3]])
    xi_h = torch.tensor([[0.4, -0.7]])
    model.xi_v.data, model.xi_h.data = xi_v.expand(R, 1, 2).clone(), xi_h.expand(R, 1, 2).clone()
    model.project(Moment(1, 1, True), Noise(range(R), "project"))
    p = torch.sigmoid(2 * (xi_v @ xi_v.T) @ xi_h)[0]
    ups = (model.xi_h > 0).float().mean((0, 1))
    assert torch.allclose(ups, p, atol=4 * 0.5 / R**0.5)
    assert set(model.xi_v.unique().tolist()) == {-1.0, 1.0}


def test_none_leaves_the_patterns_alone():
    for before, after in zip(*projected(off_the_spins(rule="none")), strict=True):
        assert torch.equal(after, before)


@pytest.mark.parametrize(
    ("every", "due"),
    [
        ("update", [True, True, True, True]),
        ("epoch", [False, False, False, True]),
        (2, [False, True, False, True]),
    ],
)
def test_the_schedule_says_after_which_updates(every, due):
    rule = Binarize(every=every)
    assert [rule.is_due(Moment(1, update, update == 4)) for update in (1, 2, 3, 4)] == due


def patterns(std=1.0):
    noise = Noise(range(R), "patterns")
    return Patterns(std * noise.normal(K, V), std * noise.normal(K, H), 0.3)


def test_fields_are_those_of_the_weights_that_are_never_formed():
    made, noise = patterns(), Noise(range(R), "units")
    v, h = noise.coins(7, V), noise.coins(7, H)
    W = 0.3 * torch.einsum("rkv,rkh->rvh", made.xi_v, made.xi_h)
    torch.testing.assert_close(made.weights(), W)
    torch.testing.assert_close(made.hidden_field(v), v @ W)
    torch.testing.assert_close(made.visible_field(h), h @ W.mT)


@pytest.mark.parametrize("given", [False, True])
def test_a_phase_is_the_gradient_of_the_mean_energy(given):
    xi_v, xi_h, scale = patterns()
    noise = Noise(range(R), "units")
    v, h = noise.coins(7, V), noise.coins(7, H)
    for xi in (xi_v, xi_h):
        xi.requires_grad_()
    field = Patterns(xi_v, xi_h, scale).hidden_field(v)
    t = h if given else torch.tanh(field.detach())
    energy = -(field * t).sum(-1).mean(1).sum()
    expected = torch.autograd.grad(energy, (xi_v, xi_h))
    found = Patterns(xi_v, xi_h, scale).phase(Particles(v, h if given else None), torch.tanh)
    for mine, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(mine, theirs)


def test_a_phase_costs_thin_products_and_grows_with_the_particles():
    one, two = (patterns().phase_cost(n) for n in (7, 14))
    assert one.macs == 7 * (2 * K * (V + H) + K * H)
    assert two.macs == 2 * one.macs
    assert one.held == 4 * (7 * (H + 2 * K) + K * (V + H))
