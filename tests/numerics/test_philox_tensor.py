"""The plain reference of the random numbers: tensor operations and compiled code agree."""

import numpy as np
import pytest
import torch

from ebmbench.numerics import philox, philox_tensor
from ebmbench.numerics.philox_tensor import key_bits, spins, words

KEYS = np.array([5, 2**63 + 123456789], np.uint64)
BITS = key_bits(KEYS, torch.device("cpu"))


@pytest.mark.parametrize("step", [0, 7, 2**33 + 5])
def test_words_are_the_compiled_ones(step):
    expected = np.empty((2, 7, 13), np.uint32)
    philox.fill_words(KEYS, np.uint64(step), expected)
    assert (words(BITS, step, (7, 13)).numpy() == expected).all()


@pytest.mark.parametrize("size", [0.0, 0.01, 1.0, 30.0, 1e6])
def test_spins_are_the_compiled_ones(size):
    field = size * torch.randn(2, 307, 997, generator=torch.Generator().manual_seed(1))
    expected = np.empty((2, 307, 997), np.float32)
    philox.fill_spins(KEYS, np.uint64(3), field.numpy(), np.float32([1.0, 0.7]), expected)
    odds = field * torch.tensor([1.0, 0.7]).view(-1, 1, 1)
    drawn = spins(odds, words(BITS, torch.tensor(3), (307, 997)))
    assert (drawn.numpy() == expected).all()


def test_powers_of_two_are_good_to_two_in_ten_millions():
    t = torch.linspace(-126.0, 33.0, 100_003)
    error = philox_tensor.exp2(t).double() / torch.exp2(t.double()) - 1
    assert error.abs().max() < 2.2e-7


def test_a_multiplication_and_an_addition_are_rounded_once():
    a = torch.tensor(1.0 + 2.0**-23)
    assert philox_tensor.fma(a, a, -1.0 - 2.0**-22).item() == 2.0**-46
