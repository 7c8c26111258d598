"""The plain reference of the random numbers: tensor operations and compiled code agree."""

import numpy as np
import pytest
import torch

from ebmbench.numerics import njit, philox, philox_tensor
from ebmbench.numerics.philox_tensor import key_bits, spins, words

KEYS = np.array([5, 2**63 + 123456789], np.uint64)
BITS = key_bits(KEYS, torch.device("cpu"))


@pytest.mark.parametrize("step", [0, 7, 2**33 + 5])
def test_words_are_the_compiled_ones(step):
    expected = np.empty((2, 7, 13), np.uint32)
    philox.fill_words(KEYS, np.uint64(step), expected)
    assert (words(BITS, step, (7, 13)).numpy() == expected).all()


@njit
def fill_in_halves(keys, step, out):
    for r in range(out.shape[0]):
        for n in range(out.shape[1]):
            philox.fill_row_in_halves(keys[r], n, step, out[r, n])


@pytest.mark.parametrize("step", [0, 7, 2**33 + 5])
def test_words_in_halves_are_the_compiled_ones(step):
    expected = np.empty((2, 7, 16), np.uint32)
    fill_in_halves(KEYS, np.uint64(step), expected)
    for columns in (16, 13, 11, 3):
        found = words(BITS, step, (7, columns), in_halves=True).numpy()
        assert (found == expected[..., :columns]).all()


def test_words_in_halves_are_put_together_from_two_counters():
    step, columns = 2**33 + 5, 19
    found = words(BITS, step, (3, columns), in_halves=True).numpy()
    for r, n, column in np.ndindex(2, 3, columns):
        upper, lower = (
            word_of(KEYS[r], start + column // 8, n, step, column % 4) for start in (0, 2**31)
        )
        shift = 0 if column % 8 < 4 else 16
        word = (upper >> shift & 0xFFFF) << 16 | lower >> shift & 0xFFFF
        assert found[r, n, column] == word


def word_of(key, first, row, step, word):
    """One of the four words of a counter."""
    counter = first, row, step & 0xFFFFFFFF, step >> 32
    halves = int(key) & 0xFFFFFFFF, int(key) >> 32
    return int(philox.philox4x32(*map(np.uint32, (*counter, *halves)))[word])


def test_bits_of_words_in_halves_are_fair_and_independent():
    """Each bit alone and each pair of bits of a word, over a hundred thousand words."""
    drawn = words(BITS, 1, (211, 307), in_halves=True).flatten()
    bits = (drawn.unsqueeze(1) >> torch.arange(32) & 1).double() * 2 - 1
    means, products = bits.mean(0), bits.T @ bits / len(bits)
    border = 5 / len(bits) ** 0.5
    assert means.abs().max() < border
    assert products.fill_diagonal_(0).abs().max() < border


@pytest.mark.parametrize("in_halves", [False, True])
@pytest.mark.parametrize("size", [0.0, 0.01, 1.0, 30.0, 1e6])
def test_spins_are_the_compiled_ones(size, in_halves):
    field = size * torch.randn(2, 307, 997, generator=torch.Generator().manual_seed(1))
    expected = np.empty((2, 307, 997), np.float32)
    scale = np.random.default_rng(0).uniform(0, 2, (2, 307)).astype(np.float32)
    philox.fill_spins(KEYS, np.uint64(3), field.numpy(), scale, in_halves, expected)
    odds = field * torch.from_numpy(scale).unsqueeze(2)
    drawn = spins(odds, words(BITS, torch.tensor(3), (307, 997), in_halves))
    assert (drawn.numpy() == expected).all()


def test_powers_of_two_are_good_to_two_in_ten_millions():
    t = torch.linspace(-126.0, 33.0, 100_003)
    error = philox_tensor.exp2(t).double() / torch.exp2(t.double()) - 1
    assert error.abs().max() < 2.2e-7


def test_a_multiplication_and_an_addition_are_rounded_once():
    a = torch.tensor(1.0 + 2.0**-23)
    assert philox_tensor.fma(a, a, -1.0 - 2.0**-22).item() == 2.0**-46
