"""The compiled phase of few visible units: particles that coincide are taken once."""

import pytest
import torch

from ebmbench import Model, Noise, Particles
from ebmbench.numerics.threads import at_most
from ebmbench.numerics.updates.distinct_phase import COLUMNS, FEW, has_few_units
from ebmbench_gibbs import RBM

V = 13


def model_of(replicas, hidden=101, bias=True, visible=V):
    options = RBM.Options(hidden=hidden, init_std=0.5, bias=bias)
    model = RBM(options, visible, Noise(replicas, "init"))
    if bias:
        with torch.no_grad():
            model.a.add_(0.3 * Noise(replicas, "a").normal(1, visible).squeeze(1))
            model.b.add_(0.3 * Noise(replicas, "b").normal(1, hidden).squeeze(1))
    return model


def rows_of(replicas, rows, places, visible=V):
    """So many rows in at most so many places, other ones in each replica."""
    v = Noise(replicas, "places").coins(places, visible)
    chosen = Noise(replicas, "which").words(rows, 1) % places
    return v.gather(1, chosen.expand(-1, -1, visible))


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("hidden", [1, 16, COLUMNS, 2 * COLUMNS + 45])
@pytest.mark.parametrize(("rows", "places"), [(1, 1), (7, 7), (300, 5), (64, 2**10)])
def test_it_is_the_gradient_of_the_mean_free_energy(bias, hidden, rows, places):
    model, particles = model_of([0, 1], hidden, bias), Particles(rows_of([0, 1], rows, places))
    assert has_few_units(particles, model.W)
    by_autograd = Model.phase(model, particles)
    for found, expected in zip(model.phase(particles), by_autograd, strict=True):
        assert torch.allclose(found, expected, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("start", [0.0, 0.25])
def test_weights_of_rows_that_coincide_are_added_up(start):
    model, v = model_of([0, 1]), rows_of([0, 1], 40, 3)
    v[:, ::4, ::3] = start  # any numbers, not spins alone
    log_weight = Noise([0, 1], "w").normal(40, 1).squeeze(-1)
    particles = Particles(v, log_weight=log_weight)
    by_autograd = Model.phase(model, particles)
    for found, expected in zip(model.phase(particles), by_autograd, strict=True):
        assert torch.allclose(found, expected, rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_neither_replicas_nor_threads_change_a_bit(threads):
    replicas, hidden, rows = range(5), 3 * COLUMNS, 500
    with at_most(1):
        together = model_of(replicas, hidden).phase(Particles(rows_of(replicas, rows, 90)))
    with at_most(threads):
        alone = model_of([3], hidden).phase(Particles(rows_of([3], rows, 90)))
    for block, single in zip(together, alone, strict=True):
        assert torch.equal(block[3:4], single)


def test_more_units_and_given_hidden_ones_go_another_way():
    v = rows_of([0], 4, 4)
    assert not has_few_units(Particles(v, v), model_of([0]).W)
    many = model_of([0], visible=FEW + 1)
    assert not has_few_units(Particles(rows_of([0], 4, 4, FEW + 1)), many.W)
