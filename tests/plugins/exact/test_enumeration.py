"""The enumeration against an oracle that knows only E(v, h)."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ebmbench import Model, Noise
from ebmbench.numerics.threads import use_threads
from ebmbench_exact.enumeration import enumerate_states, ground_energy, not_enumerable
from ebmbench_exact.half_split import LARGEST_FAST
from support import exact
from support.two_layer import TwoLayerModel, numbers, oracle, random_model

SHAPES = [(5, 3), (3, 7), (7, 5), (2, 3), (1, 3), (3, 1), (1, 1)]
BIASES = ["", "a", "b", "ab"]
SCALES = [0.01, 1.0, 50.0]  # both forms at 1.0: see below

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


def largest_field(model):
    """max |x| of each unit of the larger layer, V <= H, one replica, float64."""
    W, _, b = numbers(model, 0)
    return np.abs(W).sum(axis=0) + np.abs(b)


def by_free_energy(model):
    """log Z, <v h'>, <v>, <h> and the lowest energy of one replica, with h summed out.

    For more hidden units than the oracle can enumerate.
    """
    W, a, b = numbers(model, 0)
    v = exact.states(len(W))
    x = v @ W + b
    L = np.logaddexp(x, -x).sum(axis=1) + v @ a
    log_z = np.logaddexp.reduce(L)
    p = np.exp(L - log_z)[:, None]
    t = np.tanh(x)
    lowest = -(np.abs(x).sum(axis=1) + v @ a).max()
    return log_z, (v * p).T @ t, (v * p).sum(axis=0), (t * p).sum(axis=0), lowest


def assert_all_agree(model):
    """The enumeration of one replica against ``by_free_energy``."""
    found = (*enumerate_states(model), ground_energy(model))
    names = ("log_z", "vh", "v", "h", "lowest")
    tolerance = {"log_z": (1e-7, 1e-5), "lowest": (1e-12, 0.0)}
    for name, ours, expected in zip(names, found, by_free_energy(model), strict=True):
        rtol, atol = tolerance.get(name, (0.0, 2e-6))
        np.testing.assert_allclose(ours[0], expected, rtol, atol, err_msg=name)


@pytest.mark.parametrize("biases", ["", "ab"])
@pytest.mark.parametrize("scale", [0.01, 0.3, 1.5, 10.0])
@pytest.mark.parametrize("hidden", [101, 211])
def test_many_units_in_several_tiles_agree_with_the_free_energy(hidden, scale, biases):
    assert_all_agree(random_model(13, hidden, R=1, scale=scale, biases=biases))


@pytest.mark.parametrize("biases", ["", "ab"])
def test_states_in_several_chunks_agree_with_the_free_energy(biases):
    assert_all_agree(random_model(17, 19, R=1, scale=1.5, biases=biases))


def test_units_on_both_sides_of_the_border_between_the_forms_agree_with_the_free_energy():
    model = random_model(11, 29, R=1, biases="ab")
    largest = torch.from_numpy(largest_field(model)).float()
    target = torch.linspace(LARGEST_FAST - 0.5, LARGEST_FAST + 0.5, 29)
    with torch.no_grad():
        model.W *= target / largest
        model.b *= target / largest
    fast = largest_field(model) <= LARGEST_FAST
    assert 0 < fast.sum() < 29
    assert_all_agree(model)


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_fields_at_the_border_neither_overflow_nor_vanish_in_the_fast_form(sign):
    # All fields have the largest size at once, four of them in one product.
    W = torch.full((1, 5, 23), sign * (1 - 1e-6) * LARGEST_FAST / 5)
    model = TwoLayerModel(W)
    assert (largest_field(model) <= LARGEST_FAST).all()
    assert_all_agree(model)
    assert_all_agree(TwoLayerModel(W, a=torch.full((1, 5), 3.0)))


def test_the_form_is_chosen_for_each_unit_so_a_strong_one_changes_no_other():
    model = random_model(7, 19, R=1, scale=0.1)
    with torch.no_grad():
        model.W[0, :, 4] = 0.0
    before = enumerate_states(model).vh
    with torch.no_grad():
        model.W[0, 0, 4] = 2 * LARGEST_FAST  # |x| is the same in all states, so no weight changes
    after = enumerate_states(model).vh
    others = [k for k in range(19) if k != 4]
    torch.testing.assert_close(after[..., others], before[..., others], rtol=0, atol=1e-6)
    np.testing.assert_allclose(after[0, 0, 4], 1.0, atol=1e-6)


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


@pytest.fixture
def restored_threads():
    """All threads again afterwards."""
    yield
    use_threads(None)


@pytest.mark.parametrize("biases", ["", "ab"])
@pytest.mark.parametrize("scale", [0.01, 1.5, 50.0])
@pytest.mark.parametrize("R", [1, 5])
@pytest.mark.parametrize("V", [7, 17])
def test_the_bits_are_the_same_with_one_two_or_three_threads(V, R, scale, biases, restored_threads):
    model = random_model(V, 211, R=R, scale=scale, biases=biases)
    found = []
    for count in (1, 2, 3):
        use_threads(count)
        found.append((*enumerate_states(model), ground_energy(model)))
    for several in found[1:]:
        assert all(torch.equal(x, y) for x, y in zip(several, found[0], strict=True))


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
