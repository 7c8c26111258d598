"""Couplings as int8 digits."""

from __future__ import annotations

import pytest
import torch

from ebmbench import Noise
from ebmbench.numerics import FixedPoint, to_fixed_point
from ebmbench_cuda.digits import LARGEST, Digits, digits_of
from ebmbench_rapid import RARBM
from support.two_layer import random_model

R, V, H = 2, 7, 13


def fixed_point_with(W, a=None, b=None):
    return FixedPoint(W, a, b, torch.full((len(W),), 2.0**-10, dtype=torch.float64))


def random_integers(largest, *shape):
    return torch.randint(
        -largest, largest + 1, shape, generator=torch.Generator().manual_seed(0), dtype=torch.int32
    )


def put_together(planes):
    """Sum of 256^i d_i, int64."""
    return sum(plane.long() << 8 * i for i, plane in enumerate(planes))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_digits_make_up_the_coupling(count):
    Q = random_integers(LARGEST[count - 1], R, V, H)
    Q[0, 0, :5] = torch.tensor([LARGEST[count - 1], -LARGEST[count - 1], 0, 1, -1])
    digits = digits_of(Q, count)
    assert digits.dtype == torch.int8
    assert torch.equal(put_together(digits), Q.long())


@pytest.mark.parametrize("count", [1, 2, 3])
def test_no_more_digits_are_taken_than_the_largest_coupling_needs(count):
    W = torch.ones(R, V, H, dtype=torch.int32)
    W[1, 2, 3] = -LARGEST[count - 1]
    assert Digits.of(fixed_point_with(W)).digits == count
    if count < 3:
        W[1, 2, 3] -= 1
        assert Digits.of(fixed_point_with(W)).digits == count + 1


def test_zeros_at_the_end_go_to_the_step_of_each_replica():
    W = random_integers(50, R, V, H) * 2 + 1  # odd
    b = random_integers(50, R, H)
    shifts = torch.tensor([2**5, 2**9], dtype=torch.int32)
    found = Digits.of(fixed_point_with(W * shifts[:, None, None], None, b * shifts[:, None]))
    assert torch.equal(found.W, W)
    assert found.a is None
    assert torch.equal(found.b, b)
    assert found.step.tolist() == [2.0**-5, 2.0**-1]
    assert found.digits == 1


def test_an_odd_bias_keeps_its_last_bit():
    W = random_integers(50, R, V, H) * 64
    b = torch.ones(R, H, dtype=torch.int32)
    found = Digits.of(fixed_point_with(W, None, b))
    assert torch.equal(found.W, W)
    assert found.digits == 2


def test_couplings_of_zero_need_one_digit():
    found = Digits.of(fixed_point_with(torch.zeros(R, V, H, dtype=torch.int32)))
    assert found.digits == 1
    assert not found.W.any()
    assert found.step.isfinite().all()


def test_patterns_of_spins_need_one_digit():
    model = RARBM(RARBM.Options(hidden=H, patterns=101), V, Noise(range(R), "init"))
    assert Digits.of(to_fixed_point(model)).digits == 1


def test_random_weights_need_three():
    assert Digits.of(to_fixed_point(random_model(V, H))).digits == 3


def test_both_sides_are_padded_with_zeros():
    digits = Digits.of(to_fixed_point(random_model(V, H, biases=("a", "b"))))
    down, up = digits.to_hidden(16, 32), digits.to_visible(32, 16)
    assert down.planes.shape == (3, R, 16, 32)
    assert up.planes.shape == (3, R, 32, 16)
    assert torch.equal(put_together(down.planes), put_together(up.planes).mT)
    assert torch.equal(put_together(up.planes)[:, :V, :H], digits.W.long())
    assert put_together(up.planes).count_nonzero() == digits.W.count_nonzero()
    assert torch.equal(down.bias[:, :H], digits.b)
    assert torch.equal(up.bias[:, :V], digits.a)
    assert not down.bias[:, H:].any()
