"""The mean of a spin: tanh, to a last bit that depends on the number alone."""

import pytest
import torch

from ebmbench import Noise
from ebmbench.numerics import mean_spin, mean_spin_
from ebmbench.numerics.threads import at_most

NUMBERS = 100_003  # so many that two threads share them, unevenly


def fields():
    """From numbers far below 1 to such that tanh is 1."""
    noise = Noise([0], "fields")
    return (10 ** (4 * noise.uniform(1, NUMBERS) - 2.5) * noise.normal(1, NUMBERS))[0, 0]


def test_it_is_tanh_to_three_parts_in_ten_million():
    x = fields()
    exact = torch.tanh(x.double())
    assert ((mean_spin(x) - exact).abs() <= 3e-7 * exact.abs()).all()
    assert mean_spin(torch.tensor([0.0, 100.0, -100.0])).tolist() == [0.0, 1.0, -1.0]


def test_in_place_it_is_the_same_and_the_field_is_lost():
    x = fields()
    kept = x.clone()
    found = mean_spin(x)
    assert torch.equal(x, kept)
    assert mean_spin_(x).data_ptr() == x.data_ptr()
    assert torch.equal(x, found)


def test_neither_the_place_in_memory_nor_the_threads_change_a_bit():
    x = fields()
    with at_most(1):
        found = mean_spin(x)
    with at_most(2):
        assert torch.equal(mean_spin(x), found)
    assert all(torch.equal(mean_spin(x[start:]), found[start:]) for start in range(1, 9))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_any_layout_and_precision_can_be_had(dtype):
    x = fields()[:6006].to(dtype).view(42, 143).mT
    torch.testing.assert_close(mean_spin(x), torch.tanh(x), rtol=1e-6, atol=0)
    found = x.clone().mT.contiguous().mT  # not contiguous
    torch.testing.assert_close(mean_spin_(found), torch.tanh(x), rtol=1e-6, atol=0)


def test_autograd_does_not_see_through_it():
    x = fields().requires_grad_()
    assert not mean_spin(x).requires_grad
