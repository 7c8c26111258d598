"""Philox4x32-10 and the draws made from its words, compiled for CPU.

Philox (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3") turns a
64-bit key and a 128-bit counter into four 32-bit words without any state. Here the key belongs to
a replica and the counter says which number is meant:

    counter = (column // 4, row, step, step >> 32),   word = column % 4

so a number depends on neither the order of drawing nor on which replicas share a block.

A word may also come in halves, the upper 16 bits and the lower 16 from two counters of their own:

    upper: (column // 8, row, step, step >> 32)
    lower: (column // 8 + 2^31, row, step, step >> 32)
    word = column % 4 of each,  its lower half if column % 8 < 4, or else its upper

Spins whose fields come from few units are drawn so: many rows share a field, and all but one in
some thousand spins are decided by the upper half.
All functions take ``keys`` (R,) uint64 and loop over the replica axis inside compiled code.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ebmbench.numerics.compiled import intrinsic, njit

MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint32(0x9E3779B9)
WEYL_1 = np.uint32(0xBB67AE85)
ROUNDS = 10

LOWER_HALVES = 1 << 31  # first counter of them
FEW = 32  # units of a layer, up to which the spins of the other are drawn from words in halves

LOW = np.uint64(0xFFFFFFFF)
SHIFT = np.uint64(32)
HALF = np.uint32(0x7FFFFFFF)
HALF_WORD = np.uint32(16)
LOW_HALF = np.uint32(0xFFFF)
F32 = np.float32

# No contraction and no reassociation: a number must not depend on how a compiler, here or on a
# GPU, arranges a formula. Where one rounding is meant, ``fma`` says so.
FAST = {"nnan", "nsz", "ninf"}


def in_halves(given: int | None) -> bool:
    """Whether words come in halves where a field comes from so many units."""
    return given is not None and given <= FEW


def _fma(typingctx, a, b, c):  # type: ignore[no-untyped-def]
    """a b + c in float32, rounded once."""

    from numba import types

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        return builder.fma(*arguments)

    return types.float32(types.float32, types.float32, types.float32), generate


fma: Any = intrinsic(_fma)


@njit(inline="always")
def philox4x32(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """The four words of counter (c0, c1, c2, c3) under key (k0, k1), all uint32."""
    for _ in range(ROUNDS):
        p0 = MULTIPLIER_0 * np.uint64(c0)
        p1 = MULTIPLIER_1 * np.uint64(c2)
        c0 = np.uint32(p1 >> SHIFT) ^ c1 ^ k0
        c2 = np.uint32(p0 >> SHIFT) ^ c3 ^ k1
        c1 = np.uint32(p1 & LOW)
        c3 = np.uint32(p0 & LOW)
        k0 = np.uint32(k0 + WEYL_0)
        k1 = np.uint32(k1 + WEYL_1)
    return c0, c1, c2, c3


@njit(inline="always")
def fill_row(key, row, step, buffer):  # type: ignore[no-untyped-def]
    """Fill ``buffer`` (a multiple of four uint32) with the words of one row."""
    k0 = np.uint32(key & LOW)
    k1 = np.uint32(key >> SHIFT)
    low = np.uint32(step & LOW)
    high = np.uint32(step >> SHIFT)
    for g in range(len(buffer) // 4):
        w0, w1, w2, w3 = philox4x32(np.uint32(g), np.uint32(row), low, high, k0, k1)
        buffer[4 * g] = w0
        buffer[4 * g + 1] = w1
        buffer[4 * g + 2] = w2
        buffer[4 * g + 3] = w3


@njit(inline="always")
def fill_row_in_halves(key, row, step, buffer):  # type: ignore[no-untyped-def]
    """Fill ``buffer`` (a multiple of eight uint32) with the words of one row, in halves."""
    k0 = np.uint32(key & LOW)
    k1 = np.uint32(key >> SHIFT)
    low = np.uint32(step & LOW)
    high = np.uint32(step >> SHIFT)
    for g in range(len(buffer) // 8):
        below = np.uint32(g + LOWER_HALVES)
        u0, u1, u2, u3 = philox4x32(np.uint32(g), np.uint32(row), low, high, k0, k1)
        d0, d1, d2, d3 = philox4x32(below, np.uint32(row), low, high, k0, k1)
        join_halves(u0, d0, buffer[8 * g :])
        join_halves(u1, d1, buffer[8 * g + 1 :])
        join_halves(u2, d2, buffer[8 * g + 2 :])
        join_halves(u3, d3, buffer[8 * g + 3 :])


@njit(inline="always")
def join_halves(upper, lower, words):  # type: ignore[no-untyped-def]
    """The two words, four places apart, whose upper and lower halves these are."""
    words[0] = np.uint32(upper << HALF_WORD) | np.uint32(lower) & LOW_HALF
    words[4] = np.uint32(upper) & ~LOW_HALF | np.uint32(lower >> HALF_WORD)


@njit(cache=True, nogil=True)
def fill_words(keys, step, out):  # type: ignore[no-untyped-def]
    """Fill ``out`` (R, N, M) uint32 with the words of draw number ``step``."""
    R, N, M = out.shape
    buffer = np.empty((M + 3) // 4 * 4, np.uint32)
    for r in range(R):
        for n in range(N):
            fill_row(keys[r], n, step, buffer)
            out[r, n] = buffer[:M]


@njit(cache=True, nogil=True)
def fill_normals(keys, step, out, start, stop):  # type: ignore[no-untyped-def]
    """Fill rows of ``out`` (R, N, M) float32 with standard normal numbers (Box and Muller 1958).

    Those from ``start`` to ``stop``, counted through all replicas.
    """
    _, N, M = out.shape
    buffer = np.empty((M + 1) // 2 * 4, np.uint32)  # two words a number: full float64 tails
    for place in range(start, stop):
        r, n = place // N, place % N
        fill_row(keys[r], n, step, buffer)
        for m in range(M):
            u = (buffer[2 * m] + 0.5) * 2.0**-32
            angle = buffer[2 * m + 1] * (2.0 * math.pi * 2.0**-32)
            out[r, n, m] = math.sqrt(-2.0 * math.log(u)) * math.cos(angle)


# 2^f on [-1/2, 1/2]: minimax among polynomials of degree 5 with the constant 1, so that a field of
# 0 gives a fair spin. Relative error below 2.1e-7 in float32.
EXP2 = tuple(
    F32(c)
    for c in (
        1.0,
        0.6931470632553101,
        0.24022211134433746,
        0.05550573766231537,
        0.009675008244812489,
        0.0013339734869077802,
    )
)
ROUND = F32(12582912.0)  # 1.5 * 2^23: adding it rounds a float32 to the nearest integer
TWO_LOG2_E = 2.0 * math.log2(math.e)


def draw_scale(step: ArrayLike, beta: ArrayLike) -> NDArray[np.float32]:
    """What turns fields in units of ``step`` into y = log2 of the odds, float32.

    Args:
        step: a number or (R,).
        beta: a number, or one per chain, (R, N).

    Returns:
        (R, N), where either may be 1: the same for all of them.
    """
    steps = np.asarray(step, np.float64).reshape(-1, 1)
    return (steps * np.asarray(beta, np.float64) * TWO_LOG2_E).astype(np.float32)


def draw_scales(step: ArrayLike, beta: ArrayLike, R: int, N: int) -> NDArray[np.float32]:
    """The same for each of N chains of R replicas, (R, N) in memory of its own."""
    return np.broadcast_to(draw_scale(step, beta), (R, N)).copy()


@njit(inline="always", fastmath=FAST)
def exp2(t):  # type: ignore[no-untyped-def]
    """2^t in float32 for t in [-126, 33]; no table and no branch, so loops vectorise."""
    t = max(t, F32(-126.0))
    shifted = t + ROUND
    f = t - (shifted - ROUND)
    p = fma(EXP2[5], f, EXP2[4])
    p = fma(p, f, EXP2[3])
    p = fma(p, f, EXP2[2])
    p = fma(p, f, EXP2[1])
    p = fma(p, f, EXP2[0])
    exponent = F32(shifted).view(np.int32) << np.int32(23)
    return np.int32(F32(p).view(np.int32) + exponent).view(F32)


@njit(inline="always", fastmath=FAST)
def is_up(y, word):  # type: ignore[no-untyped-def]
    """Whether a spin of log2-odds ``y`` is +1: with probability 1 / (1 + 2^-y).

    The rarer value, of probability q = e / (1 + e) with e = 2^-|y|, is taken when the word (or
    its complement, so that the draw is monotone in y) is below 2^32 q; both tails are resolved to
    2^-32. As q <= 1/2, words of 2^31 and more need not be told apart.
    """
    negative = y < F32(0.0)
    tail = min(word if negative else ~word, HALF)
    e = exp2(F32(32.0) - abs(y))  # 2^32 e
    one_plus_e = fma(e, F32(2.0**-32), F32(1.0))
    rare = fma(F32(np.int32(tail)), one_plus_e, -e) < F32(-0.5)
    return rare == negative


@njit(cache=True, nogil=True, fastmath=FAST, error_model="numpy")
def fill_spins(keys, step, field, scale, in_halves, out):  # type: ignore[no-untyped-def]
    """Fill ``out`` (R, N, M) float32 with spins, log2-odds ``field`` times ``scale`` (R, N)."""
    R, N, M = field.shape
    buffer = np.empty((M + 7) // 8 * 8, np.uint32)
    for r in range(R):
        for n in range(N):
            if in_halves:
                fill_row_in_halves(keys[r], n, step, buffer)
            else:
                fill_row(keys[r], n, step, buffer)
            for m in range(M):
                up = is_up(field[r, n, m] * scale[r, n], buffer[m])
                out[r, n, m] = F32(1.0) if up else F32(-1.0)
