"""Kernels that write down what others draw from; conftest.py imports them with the others."""

from __future__ import annotations

import triton.language as tl

from ebmbench_cuda import draw
from ebmbench_cuda.jit import jit


@jit
def store_words(keys, step, out, ROWS: tl.constexpr, COLUMNS: tl.constexpr):
    """The words of one draw, (ROWS, COLUMNS) int64."""
    key = tl.load(keys).to(tl.uint64, bitcast=True)
    row = tl.arange(0, ROWS)
    found = draw.words(key, tl.load(step), row, tl.arange(0, COLUMNS // 4))
    tl.store(out + row[:, None] * COLUMNS + tl.arange(0, COLUMNS)[None, :], found.to(tl.int64))


@jit
def store_draws(y, word, up, powers, SIZE: tl.constexpr):
    """Whether spins of log2-odds ``y`` are up, and the powers of two on the way."""
    place = tl.arange(0, SIZE)
    odds = tl.load(y + place)
    tl.store(up + place, draw.is_up(odds, tl.load(word + place).to(tl.uint32)))
    tl.store(powers + place, draw.exp2(32.0 - tl.abs(odds)))
