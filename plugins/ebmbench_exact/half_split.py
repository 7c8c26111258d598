"""One pass over all states of a layer of spins by the half-split, compiled for CPU.

The layer with fewer units, ``s`` (n spins), is enumerated; the other, ``t`` (m spins), is summed
out: E(s, t) = -s'M t - p's - q't, so that

    sum_t exp(-E(s, t)) = exp(L(s)),   L(s) = p's + sum_alpha log 2cosh x_alpha,   x = s M + q.

The units of ``s`` are split in two halves, each with a table of its states' share of the field:
``x = A[i] + B[j]``. Then exp(2x) = exp(2A) exp(2B) needs no exponential, and the moments
``<s tanh(x)'>`` need no (2^n, m) matrix, only the sums of ``w tanh x`` per i and per j.

Where no unit has a bias, L(-s) = L(s) and the first unit stays at -1 (``fixed`` = 1).
All functions take one replica, and the only loop over replicas is compiled, so a replica's
numbers have the same bits alone and in a block.
"""

from __future__ import annotations

import math
from typing import Any

import llvmlite.ir as ir
import numpy as np
from numba import njit, types
from numba.extending import intrinsic

F32 = np.float32

# Sums may be reassociated: every replica runs the same loops over the same sizes, hence in the
# same order. Only finite fields reach the functions that assume there are no NaN.
FAST = {"contract", "nnan", "nsz", "ninf", "reassoc", "arcp"}

GROUP = 16  # units whose factors are multiplied in float32; then GROUP of these in float64
FAST_FIELD = 2.75  # (1 + exp(2 * 2.75))^16 < 3.4e38
LARGEST_FIELD = 1e30  # beyond, a replica counts as diverged
SLACK = 30.0  # nats above the reference at which the sums are rescaled
NEGLIGIBLE = 1e-20  # a weight that adds nothing: 2^24 of them are 2e-13


@intrinsic  # type: ignore[untyped-decorator]
def bits_of(typing_context: Any, x: Any) -> Any:
    """The bits of a float32 as an int32."""

    def generate(context, builder, signature, args):  # type: ignore[no-untyped-def]
        return builder.bitcast(args[0], ir.IntType(32))

    return types.int32(types.float32), generate


@intrinsic  # type: ignore[untyped-decorator]
def float_of(typing_context: Any, bits: Any) -> Any:
    """The float32 that has the bits of an int32."""

    def generate(context, builder, signature, args):  # type: ignore[no-untyped-def]
        return builder.bitcast(args[0], ir.FloatType())

    return types.float32(types.int32), generate


# 2^f on [-1/2, 1/2], a Taylor polynomial in f log 2: relative error below 2e-7.
EXP2 = tuple(F32(math.log(2.0) ** i / math.factorial(i)) for i in range(7))
ROUND = F32(12582912.0)  # 1.5 * 2^23: adding it rounds a float32 to the nearest integer
TWO_LOG2_E = F32(2.0 * math.log2(math.e))
NO_REASSOC = FAST - {"reassoc"}


@njit(inline="always", fastmath=NO_REASSOC)  # type: ignore[untyped-decorator]
def exp_minus_two(x):  # type: ignore[no-untyped-def]
    """exp(-2x) in float32 for x >= 0; no table and no branch, so loops vectorise."""
    y = max(-TWO_LOG2_E * x, F32(-126.0))
    shifted = y + ROUND
    f = y - (shifted - ROUND)
    p = EXP2[6] * f + EXP2[5]
    p = p * f + EXP2[4]
    p = p * f + EXP2[3]
    p = p * f + EXP2[2]
    p = p * f + EXP2[1]
    p = p * f + EXP2[0]
    return float_of(bits_of(p) + (bits_of(shifted) << np.int32(23)))


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def field_table(M, offset, fixed):  # type: ignore[no-untyped-def]
    """``offset + s M`` for all states of the units of ``M``, (2^(n - fixed), m) float64.

    Unit ``fixed + u`` is +1 where bit u of the row's number is set; the fixed ones are -1.
    """
    n, m = M.shape
    out = np.empty((1 << (n - fixed), m))
    out[0] = offset
    for u in range(n):
        out[0] -= M[u]
    for u in range(n - fixed):
        for i in range(1 << u):
            out[(1 << u) + i] = out[i] + 2.0 * M[fixed + u]
    return out


@njit(fastmath=FAST, error_model="numpy")  # type: ignore[untyped-decorator]
def fast_log_2cosh(ea, eb, t):  # type: ignore[no-untyped-def]
    """sum log(1 + exp(2x)) from exp(2A) and exp(2B), and tanh x into ``t``. For small fields."""
    m = len(t)
    total = 0.0
    for start in range(0, m, GROUP * GROUP):
        product = 1.0
        for block in range(start, min(start + GROUP * GROUP // 2, m), GROUP):
            p = F32(1.0)
            for k in range(block, min(block + GROUP, m)):
                q = F32(1.0) + ea[k] * eb[k]
                p *= q
                t[k] = F32(1.0) - F32(2.0) / q
            product *= p
        total += math.log(product)
    return total
