"""How near the ground state chains and particles are, with chains that are under control."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ebmbench import Chains, GibbsKernel, NegativePhase, Particles, Sampler
from ebmbench_exact.accessibility import GibbsAccessibility, MethodAccessibility
from ebmbench_exact.exact import Exact
from support import exact
from support.two_layer import numbers, oracle, random_model, random_spins, view_of


class Plain(GibbsKernel):
    """Block-Gibbs steps by the book; remembers what it was asked for."""

    name = "plain"

    def supports(self, model, device):
        return None

    def sweep(self, model, chains, k, beta, noise):
        self.asked = (chains.v, k, beta)
        v, h = chains
        for _ in range(k):
            h = noise.spins(model.hidden_field(v), beta)
            v = noise.spins(model.visible_field(h), beta)
        self.reached = Chains(v, h)
        return self.reached

    def sweep_cost(self, model, chains, k):
        raise NotImplementedError


class Fixed(Sampler):
    """A negative phase over given particles."""

    name = "fixed"

    def __init__(self, particles):
        super().__init__(self.Options(), None)
        self.given = particles

    def negative_phase(self, model, batch, state, noise):
        return NegativePhase((), state, self.given)


def gibbs(model, kernel, **options):
    metric = GibbsAccessibility(GibbsAccessibility.Options(**options))
    return metric.measure(view_of(model, kernel=kernel))[""].numpy()


def method(model, particles):
    return (
        MethodAccessibility(MethodAccessibility.Options())
        .measure(view_of(model, Fixed(particles)))[""]
        .numpy()
    )


def energies(model, v, h):
    """E(v, h) by the definition, (R, N)."""
    return np.stack(
        [
            -np.einsum("nv,vh,nh->n", v[r], W, h[r]) - v[r] @ a - h[r] @ b
            for r in range(model.replicas)
            for W, a, b in [numbers(model, r)]
        ]
    )


def ground_state(model):
    """v and h of lowest energy, (R, 1, V) and (R, 1, H)."""
    E = oracle(exact.energies, model)
    at = [np.unravel_index(E[r].argmin(), E[r].shape) for r in range(model.replicas)]
    v, h = (exact.states(n)[[pair[i] for pair in at]] for i, n in ((0, 5), (1, 3)))
    return (torch.from_numpy(part).float().unsqueeze(1) for part in (v, h))


@pytest.mark.parametrize(("reduce", "pick"), [("lowest", np.min), ("mean", np.mean)])
def test_gibbs_accessibility_is_the_energy_reached_over_the_lowest(reduce, pick):
    model, kernel = random_model(5, 3, scale=0.3, biases="ab"), Plain(Plain.Options())
    found = gibbs(model, kernel, reduce=reduce, chains=7, steps=2)
    reached = energies(model, *(part.double().numpy() for part in kernel.reached))
    expected = pick(reached, axis=1) / oracle(exact.ground_energy, model)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_chains_start_at_fair_coins_and_run_as_long_as_asked():
    model, kernel = random_model(5, 3), Plain(Plain.Options())
    gibbs(model, kernel, chains=1009, steps=3)
    v, k, beta = kernel.asked
    assert (k, beta) == (3, 1.0)
    assert v.shape == (2, 1009, 5)
    assert set(v.unique().tolist()) == {-1.0, 1.0}
    assert v.mean(dim=1).abs().max() < 5 / 1009**0.5


def test_the_published_options_are_the_default():
    options = GibbsAccessibility.Options()
    assert (options.chains, options.steps, options.reduce) == (10, 10, "lowest")


def test_many_chains_reach_the_ground_state_of_a_small_model():
    found = gibbs(random_model(5, 3), Plain(Plain.Options()), chains=499)
    np.testing.assert_allclose(found, 1.0, rtol=1e-5)


def test_a_model_that_no_kernel_can_sweep_is_refused():
    metric = GibbsAccessibility(GibbsAccessibility.Options())
    model = random_model(5, 3)
    data = view_of(model).data
    assert "kernel" in metric.supports(model, data, None)
    assert metric.supports(model, data, Plain(Plain.Options())) is None
    assert "24" in metric.supports(random_model(29, 31), data, Plain(Plain.Options()))


def test_particles_at_the_ground_state_have_accessibility_one():
    model = random_model(5, 3, biases="ab")
    v, h = ground_state(model)
    others = random_spins(2, 7, 5), random_spins(2, 7, 3)
    particles = Particles(*(torch.cat(pair, dim=1) for pair in zip(others, (v, h), strict=True)))
    np.testing.assert_allclose(method(model, particles), 1.0, rtol=1e-5)


def test_method_accessibility_takes_the_lowest_particle():
    model = random_model(5, 3, biases="ab")
    v, h = random_spins(2, 7, 5), random_spins(2, 7, 3)
    lowest = energies(model, v.double().numpy(), h.double().numpy()).min(axis=1)
    expected = lowest / oracle(exact.ground_energy, model)
    np.testing.assert_allclose(method(model, Particles(v, h)), expected, rtol=1e-5)


def test_particles_without_hidden_units_get_them_drawn():
    model = random_model(5, 3, scale=50.0)
    v, _ = ground_state(model)
    # At fields this strong p(h | v) has one state, the one of lowest energy.
    np.testing.assert_allclose(method(model, Particles(v)), 1.0, rtol=1e-5)


def test_a_sampler_without_particles_has_no_method_accessibility():
    view = view_of(random_model(5, 3), Exact(Exact.Options(), None))
    assert MethodAccessibility(MethodAccessibility.Options()).measure(view) == {}


def test_a_flat_model_has_no_accessibility():
    model = random_model(5, 3, scale=0.0)
    assert np.isnan(gibbs(model, Plain(Plain.Options()))).all()
    assert np.isnan(method(model, Particles(random_spins(2, 7, 5)))).all()


def test_a_diverged_replica_is_nan_and_the_other_is_not():
    model = random_model(5, 3)
    with torch.no_grad():
        model.W[0] = float("nan")
    for found in (
        gibbs(model, Plain(Plain.Options())),
        method(model, Particles(random_spins(2, 7, 5))),
    ):
        assert np.isnan(found[0])
        assert np.isfinite(found[1])
