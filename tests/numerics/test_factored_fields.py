"""Fields by patterns: the same law as by couplings, and the same spins where all is exact."""

import pytest
import torch

from ebmbench import Noise
from ebmbench.numerics import (
    FactoredFixedPoint,
    FixedPoint,
    by_factors,
    fields_of_sweeps,
    is_swept_by_factors,
    to_fixed_point,
)
from support.kernels import chains, ra_rbm, rbm


def test_shapes_decide_who_goes_by_patterns():
    assert by_factors(190, 784, 3000)
    assert not by_factors(8, 16, 1000)  # few visible units
    assert not by_factors(700, 784, 3000)  # V H is less
    assert is_swept_by_factors(ra_rbm(1, 53, 101, 7, off_spins=True))
    assert is_swept_by_factors(ra_rbm(1, 53, 101, 7))
    assert not is_swept_by_factors(ra_rbm(1, 53, 101, 37))
    assert isinstance(fields_of_sweeps(ra_rbm(1, 53, 101, 7)), FactoredFixedPoint)
    assert isinstance(fields_of_sweeps(rbm(1, 53, 101)), FixedPoint)


@pytest.mark.parametrize("K", [1, 7, 30])
@pytest.mark.parametrize("size", [1e-9, 1.0, 1e6])
def test_fields_are_those_of_the_weights(K, size):
    """To 1e-6 of the largest, as fields of couplings in fixed point are."""
    model = ra_rbm(2, 53, 101, K, off_spins=True)
    model.xi_v.data *= size
    v, h = chains(2, 37, 53, "erased"), chains(2, 37, 101, "spins")
    fields = fields_of_sweeps(model)
    W = model.scale * model.xi_v.double().mT @ model.xi_h.double()
    step = fields.step.view(-1, 1, 1)
    for found, expected in (
        (fields.hidden_field(v), v.double() @ W),
        (fields.visible_field(h), h.double() @ W.mT),
    ):
        error = (found.double() * step - expected).abs().max() / expected.abs().max()
        assert error < 1e-6


def test_patterns_of_spins_have_the_fields_of_their_weights_to_the_bit():
    model = ra_rbm(2, 53, 101, 7)
    factored, formed = fields_of_sweeps(model), to_fixed_point(model)
    assert isinstance(factored, FactoredFixedPoint)
    v, h = chains(2, 37, 53, "erased"), chains(2, 37, 101, "spins")
    for layer, name in ((v, "draw_hidden"), (h, "draw_visible")):
        one, other = (
            getattr(each, name)(layer, 0.7, Noise(range(2), "x")) for each in (factored, formed)
        )
        assert torch.equal(one, other)


def test_a_replica_has_the_same_fields_alone():
    model = ra_rbm(3, 53, 101, 7, off_spins=True)
    together = fields_of_sweeps(model)
    v = chains(3, 37, 53, "spins")
    for r in range(3):
        alone = FactoredFixedPoint(*(each[r : r + 1] for each in together))
        assert torch.equal(alone.hidden_field(v[r : r + 1]), together.hidden_field(v)[r : r + 1])
