"""Kernels that write down what others draw from; conftest.py imports them with the others."""

from __future__ import annotations

import triton.language as tl

from ebmbench_cuda import draw
from ebmbench_cuda.jit import jit


@jit
def store_words(keys, step, out, ROWS: tl.constexpr, COLUMNS: tl.constexpr, HALVES: tl.constexpr):
    """The words of one draw, int64, a block (ROWS, COLUMNS) from each program."""
    key = tl.load(keys).to(tl.uint64, bitcast=True)
    row = tl.program_id(1) * ROWS + tl.arange(0, ROWS)
    first = tl.program_id(0) * COLUMNS
    found = draw.words(key, tl.load(step), row, first, COLUMNS, HALVES)
    place = row[:, None] * tl.num_programs(0) * COLUMNS + first + tl.arange(0, COLUMNS)[None, :]
    tl.store(out + place, found.to(tl.int64))


@jit
def store_draws(y, word, up, powers, SIZE: tl.constexpr):
    """Whether spins of log2-odds ``y`` are up, and the powers of two on the way."""
    place = tl.arange(0, SIZE)
    odds = tl.load(y + place)
    tl.store(up + place, draw.is_up(odds, tl.load(word + place).to(tl.uint32)))
    tl.store(powers + place, draw.exp2(32.0 - tl.abs(odds)))
