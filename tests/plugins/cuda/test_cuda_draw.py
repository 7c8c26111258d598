"""Words and draws in Triton, against the ones that all kernels share."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats

from ebmbench import Noise
from ebmbench.numerics import njit, philox, philox_tensor

pytest.importorskip("triton", reason="triton is not installed: pip install 'ebmbench[cuda]'")
from stored_draws import store_draws, store_words

from ebmbench_cuda.jit import NO_CONTRACTION

ROWS, COLUMNS = 64, 128
KEY = Noise([2**40 + 17], "words").key_bits


@njit
def draws_and_powers(y, word, out, powers):
    for i in range(len(y)):
        out[i] = philox.is_up(y[i], word[i])
        powers[i] = philox.exp2(np.float32(32.0) - abs(y[i]))


@pytest.mark.parametrize("in_halves", [False, True])
@pytest.mark.parametrize("step", [0, 2**32 - 1, 2**32, 2**61 + 12345])
def test_words_are_those_of_the_plain_form(device, step, in_halves):
    expected = philox_tensor.words(KEY, step, (ROWS, COLUMNS), in_halves)[0]
    assert torch.equal(stored_words(device, step, in_halves), expected)


@pytest.mark.parametrize("in_halves", [False, True])
def test_words_are_the_same_whatever_the_block(device, in_halves):
    whole = stored_words(device, 3, in_halves)
    for blocks in ((2, 1), (4, 2), (16, 1)):
        assert torch.equal(stored_words(device, 3, in_halves, blocks), whole)


def stored_words(device, step, in_halves, blocks=(1, 1)):
    """Words in so many blocks of columns and of rows, a program each."""
    out = torch.empty((ROWS, COLUMNS), dtype=torch.int64, device=device)
    store_words[blocks](
        KEY.to(device), torch.tensor(step, device=device), out, ROWS=ROWS // blocks[1],
        COLUMNS=COLUMNS // blocks[0], HALVES=in_halves,
    )  # fmt: skip
    return out.cpu()


def test_draws_and_powers_of_two_have_the_same_bits(device):
    """Odds of all sizes, words at both ends and near the threshold."""
    rng = np.random.default_rng(3)
    size = 2**16
    y = (rng.standard_normal(size) * 10.0 ** rng.uniform(-8, 2.5, size)).astype(np.float32)
    y[:4] = 0.0, -0.0, 1e-42, -1e-42
    word = rng.integers(0, 2**32, size, dtype=np.uint32)
    word[4:100] = rng.choice(np.array([0, 1, 2**31 - 1, 2**31, 2**32 - 1], np.uint32), 96)
    threshold = 2.0**32 / (1.0 + np.exp2(-y.astype(np.float64)))
    near = slice(100, size // 2)
    word[near] = np.clip(threshold[near] + rng.integers(-300, 300, len(word[near])), 0, 2**32 - 1)
    expected, powers = np.empty(size, bool), np.empty(size, np.float32)
    draws_and_powers(y, word, expected, powers)
    out = torch.empty(size, dtype=torch.bool, device=device)
    found = torch.empty(size, device=device)
    store_draws[(1,)](
        torch.from_numpy(y).to(device), torch.from_numpy(word.astype(np.int64)).to(device), out,
        found, SIZE=size, **NO_CONTRACTION,
    )  # fmt: skip
    assert np.array_equal(out.cpu().numpy(), expected)
    assert np.array_equal(found.cpu().numpy().view(np.int32), powers.view(np.int32))


@pytest.mark.parametrize("x", [-3.0, -0.7, 0.0, 0.1, 1.3])
def test_a_spin_is_up_with_probability_sigmoid_2x(device, x):
    size = 2**16
    word = torch.from_numpy(np.random.default_rng(8).integers(0, 2**32, size)).to(device)
    y = torch.full((size,), philox.draw_scale(1.0, 1.0).item() * x, device=device)
    up = torch.empty(size, dtype=torch.bool, device=device)
    store_draws[(1,)](y, word, up, torch.empty_like(y), SIZE=size, **NO_CONTRACTION)
    p = 1 / (1 + np.exp(-2 * x))
    counts = [int(up.sum()), size - int(up.sum())]
    assert stats.chisquare(counts, [size * p, size * (1 - p)]).pvalue > 1e-4
