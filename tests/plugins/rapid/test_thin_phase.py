"""The compiled phase of a few particles."""

import numpy as np
import pytest
import torch

from ebmbench import Model, Noise, Particles
from ebmbench_rapid import RARBM
from ebmbench_rapid.dot import LANES, dot, dots
from ebmbench_rapid.thin_phase import FEW, fits


def model_of(replicas, hidden=101, patterns=7, visible=13):
    """Patterns off +1/-1, as an optimiser leaves them."""
    model = RARBM(RARBM.Options(hidden=hidden, patterns=patterns), visible, Noise(replicas, "init"))
    with torch.no_grad():
        for xi in model.parameters():
            xi.mul_(0.3).add_(0.1 * Noise(replicas, "off").normal(*xi.shape[1:]))
    return model


@pytest.mark.parametrize("rows", [1, 3, FEW])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("hidden", "patterns"), [(101, 7), (2, 1), (61, 4)])
def test_it_is_the_gradient_of_the_mean_free_energy(rows, weighted, hidden, patterns):
    model = model_of([0, 1], hidden, patterns)
    v = Noise([0, 1], "v").coins(rows, 13)
    log_weight = Noise([0, 1], "w").normal(rows, 1).squeeze(-1) if weighted else None
    particles = Particles(v, log_weight=log_weight)
    assert fits(particles, model.xi_v)
    by_autograd = Model.phase(model, particles)
    for found, expected in zip(model.phase(particles), by_autograd, strict=True):
        assert torch.allclose(found, expected, rtol=2e-5, atol=2e-5)


def test_a_replica_alone_gets_the_same_bits_as_in_a_block():
    together = model_of(range(5)).phase(Particles(Noise(range(5), "v").coins(3, 13)))
    alone = model_of([3]).phase(Particles(Noise([3], "v").coins(3, 13)))
    for block, single in zip(together, alone, strict=True):
        assert torch.equal(block[3:4], single)


def test_more_rows_and_given_hidden_units_go_another_way():
    model = model_of([0])
    v = Noise([0], "v").coins(FEW + 1, 13)
    assert not fits(Particles(v), model.xi_v)
    assert not fits(Particles(v[:, :2], v[:, :2]), model.xi_v)


@pytest.mark.parametrize("length", [0, 1, LANES - 1, LANES, LANES + 1, 5 * LANES + 3])
def test_a_dot_product_takes_all_elements(length):
    a, b = np.random.default_rng(0).normal(size=(2, length)).astype(np.float32)
    assert dot(a, b) == pytest.approx(float(a.astype(float) @ b.astype(float)), abs=1e-4)


@pytest.mark.parametrize("number", [0, 1, 3, 4, 5, 11])
@pytest.mark.parametrize("length", [1, LANES, 3 * LANES + 5])
def test_several_at_once_are_those_one_by_one_to_the_last_bit(number, length):
    draw = np.random.default_rng(0)
    a, rows = (draw.normal(size=shape).astype(np.float32) for shape in (length, (number, length)))
    found = np.empty(number, np.float32)
    dots(a, rows, np.float32(0.3), found)
    assert found.tolist() == [np.float32(0.3) * np.float32(dot(a, row)) for row in rows]
