"""Philox4x32-10 and the draw of a spin, in Triton.

The words and the spins of :mod:`ebmbench.numerics.philox`, bit for bit, whatever the block: a word
depends on its key and counter only, every sum and product of the draw is rounded where it is
rounded there, and one rounding is meant where ``fma`` says so. Kernels that draw are compiled with
NO_CONTRACTION.
"""

from __future__ import annotations

import triton.language as tl

from ebmbench.numerics import philox
from ebmbench_cuda.jit import INTERPRETED, jit

MULTIPLIER_0 = tl.constexpr(int(philox.MULTIPLIER_0))
MULTIPLIER_1 = tl.constexpr(int(philox.MULTIPLIER_1))
WEYL_0 = tl.constexpr(int(philox.WEYL_0))
WEYL_1 = tl.constexpr(int(philox.WEYL_1))
ROUNDS = tl.constexpr(philox.ROUNDS)
LOWER_HALVES = tl.constexpr(philox.LOWER_HALVES)
HALF = tl.constexpr(int(philox.HALF))
ROUND = tl.constexpr(float(philox.ROUND))
EXP2_0, EXP2_1, EXP2_2, EXP2_3, EXP2_4, EXP2_5 = (tl.constexpr(float(c)) for c in philox.EXP2)


@jit
def philox4x32(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """The four words of counter (c0, c1, c2, c3) under key (k0, k1), all uint32.

    With 32 x 32 -> 64 bit products: one instruction each, where their halves take two.
    """
    for _ in tl.static_range(ROUNDS):
        p0 = c0.to(tl.uint64) * MULTIPLIER_0
        p1 = c2.to(tl.uint64) * MULTIPLIER_1
        c0 = (p1 >> 32).to(tl.uint32) ^ c1 ^ k0
        c2 = (p0 >> 32).to(tl.uint32) ^ c3 ^ k1
        c1 = p1.to(tl.uint32)
        c3 = p0.to(tl.uint32)
        k0 += tl.full((), WEYL_0, tl.uint32)
        k1 += tl.full((), WEYL_1, tl.uint32)
    return c0, c1, c2, c3


@jit
def words(  # type: ignore[no-untyped-def]
    key, step, row, first, COLUMNS: tl.constexpr, HALVES: tl.constexpr
):
    """Words of draw number ``step`` in rows (M,), (M, COLUMNS) uint32.

    Args:
        key: the replica's, uint64.
        step: int64.
        row: int32.
        first: of the columns, int32; it and COLUMNS are multiples of eight.
        HALVES: whether a word comes in two halves, from counters of their own.
    """
    if HALVES:
        group = (first // 8 + tl.arange(0, COLUMNS // 8)).to(tl.uint32)
        u0, u1, u2, u3 = four_words(key, step, row, group)
        d0, d1, d2, d3 = four_words(key, step, row, group + LOWER_HALVES)
        w0, w1 = join_halves(u0, d0), join_halves(u1, d1)
        w2, w3 = join_halves(u2, d2), join_halves(u3, d3)
    else:
        group = (first // 4 + tl.arange(0, COLUMNS // 4)).to(tl.uint32)
        w0, w1, w2, w3 = four_words(key, step, row, group)
    return tl.interleave(tl.interleave(w0, w2), tl.interleave(w1, w3))


@jit
def four_words(key, step, row, group):  # type: ignore[no-untyped-def]
    """The four words of each row (M,) and first counter (G,), (M, G) uint32 each."""
    zero = (row[:, None] * 0).to(tl.uint32) + group[None, :] * 0
    return philox4x32(
        zero + group[None, :],
        zero + row[:, None].to(tl.uint32),
        zero + step.to(tl.uint32),
        zero + (step >> 32).to(tl.uint32),
        key.to(tl.uint32),
        (key >> 32).to(tl.uint32),
    )


@jit
def join_halves(upper, lower):  # type: ignore[no-untyped-def]
    """Words of two pairs of halves, (M, G) -> (M, 2G): of the lower ones, then of the upper."""
    return tl.interleave(upper << 16 | lower & 0xFFFF, upper & 0xFFFF0000 | lower >> 16)


@jit
def fma(a, b, c):  # type: ignore[no-untyped-def]
    """a b + c in float32, rounded once; the interpreter's own fma rounds twice."""
    if INTERPRETED:
        found = (a.to(tl.float64) * b.to(tl.float64) + c.to(tl.float64)).to(tl.float32)
    else:
        found = tl.fma(a, b, c)
    return found


@jit
def exp2(t):  # type: ignore[no-untyped-def]
    """2^t in float32 for t in [-126, 33], as :func:`ebmbench.numerics.philox.exp2` computes it."""
    t = tl.maximum(t, -126.0)
    shifted = t + ROUND
    f = t - (shifted - ROUND)
    p = fma(tl.full(f.shape, EXP2_5, tl.float32), f, tl.full(f.shape, EXP2_4, tl.float32))
    p = fma(p, f, tl.full(f.shape, EXP2_3, tl.float32))
    p = fma(p, f, tl.full(f.shape, EXP2_2, tl.float32))
    p = fma(p, f, tl.full(f.shape, EXP2_1, tl.float32))
    p = fma(p, f, tl.full(f.shape, EXP2_0, tl.float32))
    exponent = shifted.to(tl.int32, bitcast=True) << 23
    return (p.to(tl.int32, bitcast=True) + exponent).to(tl.float32, bitcast=True)


@jit
def is_up(y, word):  # type: ignore[no-untyped-def]
    """Whether a spin of log2-odds ``y`` is +1, :func:`ebmbench.numerics.philox.is_up`."""
    negative = y < 0.0
    tail = tl.minimum(tl.where(negative, word, word ^ 0xFFFFFFFF), tl.full((), HALF, tl.uint32))
    e = exp2(32.0 - tl.abs(y))  # 2^32 e
    one_plus_e = fma(e, tl.full(e.shape, 2.0**-32, tl.float32), tl.full(e.shape, 1.0, tl.float32))
    rare = fma(tail.to(tl.int32).to(tl.float32), one_plus_e, -e) < -0.5
    return rare == negative


@jit
def scale_of(scale, r, row, rows, EACH: tl.constexpr):  # type: ignore[no-untyped-def]
    """What turns the fields of rows (M,) of replica r into log2-odds: a number, or (M, 1).

    Args:
        scale: (R, rows) float32 where EACH row has its own, else (R, 1).
    """
    if EACH:
        found = tl.load(scale + r * rows + tl.minimum(row, rows - 1))[:, None]
    else:
        found = tl.load(scale + r)
    return found


@jit
def draw(field, scale, key, step, row, first, HALVES: tl.constexpr):  # type: ignore[no-untyped-def]
    """Spins (M, G) int8 given their fields, int32 in units of ``scale`` log2-odds.

    ``row`` (M,) and ``first``, of the columns, say where in the draw they stand.
    """
    word = words(key, step, row, first, field.shape[1], HALVES)
    up = is_up(field.to(tl.float32) * scale, word)
    return tl.where(up, 1, -1).to(tl.int8)
