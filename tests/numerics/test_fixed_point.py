"""Couplings as integers: fine enough, and no sum overflows."""

import pytest
import torch

from ebmbench.numerics import to_fixed_point
from ebmbench.numerics.fields.fixed_point import LARGEST_COUPLING, LARGEST_FIELD
from support.kernels import ra_rbm, rbm

R, V, H = 3, 53, 101


@pytest.mark.parametrize("std", [1e-30, 1e-3, 1.0, 1e12])
def test_no_coupling_needs_more_than_three_digits_and_no_field_overflows(std):
    fixed_point = to_fixed_point(rbm(R, V, H, std=std))
    W = fixed_point.W.long().abs()
    assert W.max() <= LARGEST_COUPLING
    assert (W.sum(1) + fixed_point.b.long().abs()).max() <= LARGEST_FIELD
    assert (W.sum(2) + fixed_point.a.long().abs()).max() <= LARGEST_FIELD


def test_fields_are_nearly_as_exact_as_float32_products():
    model = rbm(1, 784, 500, bias=False)
    v = torch.where(
        torch.rand(1, 199, 784, generator=torch.Generator().manual_seed(1)) < 0.5, 1.0, -1.0
    )
    exact = v.double() @ model.W.double()
    fixed_point = to_fixed_point(model)
    field = fixed_point.hidden_field(v) * fixed_point.step.view(-1, 1, 1)
    assert ((field - exact).std() / exact.std()) < 1e-6


def test_couplings_of_patterns_that_are_spins_are_exact():
    model = ra_rbm(R, V, H, K=7)
    fixed_point = to_fixed_point(model)
    W = fixed_point.W * fixed_point.step.view(-1, 1, 1)
    expected = (model.xi_v.double().mT @ model.xi_h.double()) * model.scale
    assert torch.equal(W, expected)


def test_a_replicas_units_are_its_own():
    model = rbm(R, V, H)
    before = to_fixed_point(model).step.clone()
    model.W.data[1] *= 1000
    after = to_fixed_point(model).step
    assert (before[[0, 2]] == after[[0, 2]]).all()
    assert after[1] > before[1]


def test_weights_of_zero_and_diverged_weights_have_a_fixed_point():
    model = rbm(R, V, H, bias=False, std=0.0)
    model.W.data[1] = float("nan")
    model.W.data[2] = float("inf")
    fixed_point = to_fixed_point(model)
    assert (fixed_point.W[0] == 0).all()
    assert (fixed_point.step > 0).all()
