"""The enumeration against an oracle that knows only E(v, h)."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import exact
from ebmbench import Model, Noise
from ebmbench_exact.enumeration import enumerate_states, ground_energy, not_enumerable
from two_layer import TwoLayerModel, oracle, random_model

SHAPES = [(5, 3), (3, 7), (7, 5), (2, 3), (1, 3), (3, 1)]
BIASES = ["", "a", "b", "ab"]
SCALES = [0.01, 1.0, 50.0]

cases = pytest.mark.parametrize(
    "model",
    [
        pytest.param(
            random_model(*shape, scale=scale, biases=biases), id=f"{shape}-{scale}-{biases}"
        )
        for shape in SHAPES
        for scale in SCALES
        for biases in BIASES
    ],
)


@cases
def test_log_z_is_the_sum_over_all_states(model):
    np.testing.assert_allclose(
        enumerate_states(model).log_z, oracle(exact.log_z, model), rtol=1e-7, atol=2e-6
    )


@cases
@pytest.mark.parametrize("moment", ["vh", "v", "h"])
def test_the_moments_are_those_of_the_joint_distribution(model, moment):
    expected = oracle(lambda *numbers: getattr(exact.moments(*numbers), moment), model)
    found = getattr(enumerate_states(model), moment).numpy()
    np.testing.assert_allclose(found, expected, atol=1e-6)


@cases
def test_the_ground_energy_is_the_lowest_of_all(model):
    np.testing.assert_allclose(ground_energy(model), oracle(exact.ground_energy, model), rtol=1e-12)


@pytest.mark.parametrize("hidden", [509, 2053])
def test_many_units_in_the_larger_layer_do_not_overflow(hidden):
    model = random_model(5, hidden, scale=1e-4)
    # F is nearly flat: log Z = (V + H) log 2 + O(scale^2 V H / 2)
    flat = (5 + hidden) * np.log(2.0)
    np.testing.assert_allclose(enumerate_states(model).log_z, flat, atol=1e-4)


def test_fields_of_many_hundreds_keep_their_weights_apart():
    W = torch.tensor([[[300.0, -200.0, 500.0], [700.0, 400.0, -100.0]]])
    model = TwoLayerModel(W, a=torch.tensor([[0.25, -0.5]]))
    np.testing.assert_allclose(
        enumerate_states(model).v.numpy(), oracle(lambda *n: exact.moments(*n).v, model), atol=1e-6
    )


@pytest.mark.parametrize("biases", ["", "ab"])
@pytest.mark.parametrize("scale", SCALES)
def test_a_replica_has_the_same_bits_alone_and_in_a_block(scale, biases):
    block = random_model(7, 19, R=5, scale=scale, biases=biases)
    together = (*enumerate_states(block), ground_energy(block))
    for r in range(5):
        W, a, b = block.couplings()
        parts = (None if part is None else part[r : r + 1].detach() for part in (W, a, b))
        single = TwoLayerModel(*parts)
        alone = (*enumerate_states(single), ground_energy(single))
        assert all(torch.equal(x[0], y[r]) for x, y in zip(alone, together, strict=True))


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf"), 1e35])
@pytest.mark.parametrize("biases", ["", "ab"])
def test_a_diverged_replica_gives_nan_and_leaves_the_others_alone(bad, biases):
    healthy = random_model(5, 3, R=3, biases=biases)
    broken = random_model(5, 3, R=3, biases=biases)
    with torch.no_grad():
        list(broken.parameters())[-1][1].view(-1)[-1] = bad
    pairs = zip(
        (*enumerate_states(broken), ground_energy(broken)),
        (*enumerate_states(healthy), ground_energy(healthy)),
        strict=True,
    )
    for found, expected in pairs:
        assert found[1].isnan().all()
        assert torch.equal(found[[0, 2]], expected[[0, 2]])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_moments_come_in_the_type_of_the_weights_and_log_z_in_double(dtype):
    found = enumerate_states(random_model(5, 3, dtype=dtype))
    assert found.vh.dtype == found.v.dtype == found.h.dtype == dtype
    assert found.log_z.dtype == torch.float64


def test_without_biases_the_mean_spins_are_zero():
    found = enumerate_states(random_model(5, 3))
    assert not found.v.any()
    assert not found.h.any()


def test_enumeration_leaves_no_graph_behind():
    assert not enumerate_states(random_model(5, 3, biases="ab")).vh.requires_grad


@pytest.mark.parametrize(("V", "H"), [(24, 29), (29, 24), (5, 3)])
def test_up_to_24_units_in_the_smaller_layer_can_be_enumerated(V, H):
    assert not_enumerable(random_model(V, H)) is None


def test_a_model_too_large_is_refused_with_its_sizes_and_the_limit():
    reason = not_enumerable(random_model(29, 31))
    assert "V=29" in reason
    assert "H=31" in reason
    assert "24" in reason


def test_a_model_without_two_layers_is_refused_by_name():
    class Blob(Model):
        name = "blob"

        def free_energy(self, v):
            return v.sum(-1)

    assert "'blob'" in not_enumerable(Blob(Model.Options(), 5, Noise([1], "init")))
