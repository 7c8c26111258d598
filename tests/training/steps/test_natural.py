"""The natural gradient: the Fisher information by enumeration, and conjugate gradients."""

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from ebmbench import Particles
from ebmbench.errors import ComponentError, ConfigError
from ebmbench.training.optimizer import Optimizer, OptimizerOptions
from ebmbench.training.steps.change import Taken
from ebmbench.training.steps.natural import NaturalGradient, conjugate_gradients
from support import exact
from support.suites import SMALL, plan
from support.two_layer import numbers, oracle, random_model, random_spins

R, V, H, N = 2, 5, 3, 11


def every_state(model):
    v = torch.from_numpy(exact.states(V)).expand(model.replicas, -1, -1)
    return Particles(v, log_weight=torch.from_numpy(oracle(exact.p_v, model)).log())


def dense_fisher(model, particles, r):
    """Cov[dF] of a replica by its definition, in the order of the parameters."""
    W, _, b = numbers(model, r)
    v = particles.v[r].double().numpy()
    h = particles.h
    t = np.tanh(v @ W + b) if h is None else h[r].double().numpy()
    kinds = {"W": np.einsum("ni,nj->nij", v, t).reshape(len(v), -1), "a": v, "b": t}
    features = np.concatenate([kinds[name] for name, _ in model.named_parameters()], axis=1)
    w = particles.weights[r].double().numpy()
    centred = features - (w / w.sum()) @ features
    return (w[:, None] / w.sum() * centred).T @ centred


def flat(phase, r):
    return np.concatenate([part[r].double().numpy().ravel() for part in phase])


def drawn_phases(model, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return [
        tuple(torch.randn(p.shape, generator=generator).to(p.dtype) for p in model.parameters())
        for _ in range(2)
    ]


def direction(model, over, data, negative, **options):
    change = NaturalGradient(model, **options)
    return change(data, negative, Taken(Particles(random_spins(R, 3, V)), 1.0, over))


@pytest.mark.parametrize("biases", ["ab", "", "a", "b"])
@pytest.mark.parametrize("damping", [1.0, 0.01])
def test_it_solves_for_the_gradient_with_the_exact_fisher(biases, damping):
    model = random_model(V, H, R, 0.5, biases, dtype=torch.float64)
    particles, phases = every_state(model), drawn_phases(model)
    options = {"damping": damping, "iterations": 200, "particles": 100}
    found = direction(model, particles, *phases, **options)
    for r in range(R):
        F = dense_fisher(model, particles, r)
        G = flat(phases[0], r) - flat(phases[1], r)
        expected = np.linalg.solve(F + damping * np.eye(len(F)), G)
        off = np.abs(flat(found, r) - expected).max()
        assert off < 1e-5 * np.abs(expected).max()
        assert np.abs(F).max() > 0.1


@pytest.mark.parametrize("with_h", [True, False])
def test_so_it_does_over_chains_weighted_or_not_and_the_first_of_many(with_h):
    model, most = random_model(V, H, R, 0.5, "ab"), 7
    h = random_spins(R, N, H, seed=2) if with_h else None
    weights = None if with_h else torch.linspace(-2, 0, N).expand(R, N)
    particles = Particles(random_spins(R, N, V, seed=1), h, weights)
    first = Particles(*(None if each is None else each[:, :most] for each in particles))
    phases = drawn_phases(model)
    found = direction(model, particles, *phases, damping=0.5, iterations=50, particles=most)
    for r in range(R):
        F = dense_fisher(model, first, r)
        expected = np.linalg.solve(
            F + 0.5 * np.eye(len(F)), flat(phases[0], r) - flat(phases[1], r)
        )
        np.testing.assert_allclose(flat(found, r), expected, atol=2e-5)


def test_one_iteration_is_a_step_of_steepest_descent():
    model = random_model(V, H, R, 0.5, "ab", dtype=torch.float64)
    particles, phases = every_state(model), drawn_phases(model)
    found = direction(model, particles, *phases, iterations=1)
    for r in range(R):
        G = flat(phases[0], r) - flat(phases[1], r)
        A = dense_fisher(model, particles, r) + np.eye(len(G))
        np.testing.assert_allclose(flat(found, r), (G @ G) / (G @ A @ G) * G, atol=1e-10)


def test_each_update_goes_on_from_the_direction_of_the_last():
    """Two iterations of each, again and again, lead where many do."""
    model = random_model(V, H, R, 0.5, "ab", dtype=torch.float64)
    particles, phases = every_state(model), drawn_phases(model)
    taken = Taken(Particles(random_spins(R, 3, V)), 1.0, particles)
    change = NaturalGradient(model, iterations=2)
    first = change(*phases, taken)
    for _ in range(50):
        found = change(*phases, taken)
    expected = direction(model, particles, *phases, iterations=100)
    for mine, its, begun in zip(found, expected, first, strict=True):
        assert torch.allclose(mine, its, atol=1e-5)
        assert not torch.allclose(begun, its, atol=1e-3)


def test_a_replica_that_has_nothing_to_solve_for_stays_where_it_is():
    model = random_model(V, H, R, 0.5, "ab")
    data, _ = drawn_phases(model)
    particles = Particles(random_spins(R, N, V, seed=1))
    negative = tuple(torch.zeros_like(part) for part in data)
    for part, none in zip(data, negative, strict=True):
        none[0] = part[0]
    found = direction(model, particles, data, negative)
    assert all((part[0] == 0).all() for part in found)
    assert all((part[1] != 0).any() and part.isfinite().all() for part in found)


def test_conjugate_gradients_end_after_as_many_steps_as_there_are_numbers():
    rng = np.random.default_rng(0)
    root, g = (torch.from_numpy(rng.standard_normal(shape)) for shape in ((R, 6, 6), (R, 6)))
    A = root @ root.mT + torch.eye(6)

    def times(x):
        return (A @ x.unsqueeze(2)).squeeze(2)

    x = conjugate_gradients(times, g, torch.zeros_like(g), 6)
    assert torch.allclose(x, torch.linalg.solve(A, g), atol=1e-8)


def test_the_step_is_the_rate_times_it():
    model = random_model(V, H, R, 0.5, "ab")
    before = [each.detach().clone() for each in model.parameters()]
    phases, particles = drawn_phases(model), Particles(random_spins(R, N, V, seed=1))
    optimizer = Optimizer(model, OptimizerOptions(name="natural", lr=0.25, damping=0.5))
    optimizer.step(*phases, 1, Taken(particles, 1.0, particles))
    other = random_model(V, H, R, 0.5, "ab")
    expected = direction(other, particles, *phases, damping=0.5)
    for now, was, its in zip(model.parameters(), before, expected, strict=True):
        torch.testing.assert_close(now.detach(), was - 0.25 * its, rtol=0, atol=0)


def test_a_replica_that_is_restarted_forgets_its_direction():
    model = random_model(V, H, R, 0.5, "ab")
    phases, particles = drawn_phases(model), Particles(random_spins(R, N, V, seed=1))
    optimizer = Optimizer(model, OptimizerOptions(name="natural", lr=0.25))
    optimizer.restart(torch.tensor([True, False]))  # before there is any
    optimizer.step(*phases, 1, Taken(particles, 1.0, particles))
    optimizer.restart(torch.tensor([True, False]))
    forgot, kept = optimizer.change.direction
    assert (forgot == 0).all()
    assert (kept != 0).any()


def test_without_particles_it_says_so():
    model = random_model(V, H, R, 0.5, "ab")
    with pytest.raises(ComponentError, match="no particles"):
        direction(model, None, *drawn_phases(model))


NATURAL = SMALL.replace("{name: adam, lr: 0.01}", "{name: natural, lr: 0.1, iterations: 3}")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{name: cd, k: 2}", "{name: exact}", "the sampler 'exact' has no particles"),
        ("{name: cd, k: 2}", "{name: pl}", "the sampler 'pl' has no particles"),
        ("{name: rbm, hidden: 11}", "{name: ra-rbm, hidden: 11, patterns: 3}", "is no two layers"),
    ],
)
def test_where_it_cannot_be_had_the_plan_says_so(old, new, says, tmp_path):
    with pytest.raises(ConfigError) as caught:
        plan(tmp_path, NATURAL.replace(old, new))
    (problem,) = caught.value.problems
    assert problem.path == "methods.CD-2.optimizer.name"
    assert says in problem.problem


def test_it_is_planned_without_biases_and_counted(tmp_path):
    found = plan(tmp_path, NATURAL).estimates["bars3", "CD-2"].counted["optimizer"]
    assert found.macs >= 4 * 2 * 100 * 9 * 11
    assert found.macs < 6 * 2 * 100 * 9 * 11


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"damping": 0.0}, "damping: 0.0: should be above 0"),
        ({"iterations": 0}, "iterations: 0: should be a whole number from 1"),
        ({"particles": 1.5}, "particles: 1.5: should be a whole number from 1"),
        ({"gradient": {"name": "centred"}}, "natural is one itself"),
        ({"momentum": 0.5}, "natural has no option 'momentum'"),
    ],
)
def test_wrong_options_are_refused(options, says):
    with pytest.raises(ValidationError, match=says):
        OptimizerOptions(**{"name": "natural", "lr": 0.1, **options})
