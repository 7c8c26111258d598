"""The first pass: the log-weight L of every state.

Per unit of the fast form, with q = exp(2A) exp(2B) from two small tables,

    log 2cosh x = log(1 + q) - x,

so that no element takes more than a product: L is the log of a long product of 1 + q, less a sum of
x that is linear in s. The product is kept in float32 as a mantissa in [1, 2) and an exponent, an
integer, that is taken out after every GROUP of four factors. A factor is computed as
(1 + q) / 2^31: |x| <= 21 puts it between 2^-31 and 2^30, four of them between 2^-124 and 2^120,
in the middle of what float32 holds.
"""

from __future__ import annotations

import math

import numpy as np

from ebmbench.numerics import exp_minus_2, kept, njit
from ebmbench_exact.half_split import (
    IEEE,
    couplings_of_columns,
    couplings_of_rows,
    field_of_chunk,
    rows_by_chunk,
)
from ebmbench_exact.tables import exponentials, fields

F32, I32 = np.float32, np.int32
GROUP = 4
SHRINK = F32(2.0**-31)
BLOCK = 16  # units whose tables fit the first-level cache

EXPONENT_BITS = I32(23)  # where they start
BIAS = 127  # of a float32's exponent
MANTISSA = I32(0x007FFFFF)
ONE = I32(0x3F800000)  # the bits of 1.0
PER_GROUP = I32(31 * GROUP - BIAS)


@kept
@njit(nogil=True)
def fill_log_weights(split, L, first, last):  # type: ignore[no-untyped-def]
    """Fill the rows from ``first`` up to ``last`` of L (rows, columns)."""
    J_columns, fast = couplings_of_columns(split), split.fast
    none = np.zeros(J_columns.shape[1])
    height = -(-fast // GROUP) * GROUP
    EB = exponentials(J_columns[:, :fast], none, 1.0, height)
    B = fields(J_columns[:, fast:-1], none[fast:-1])
    line_b = fields(linear(J_columns, fast), none[-1:])[0]
    J_rows = couplings_of_rows(split)
    for chunk, start, end in rows_by_chunk(split, first, last):
        field = field_of_chunk(split, chunk)
        EA = exponentials(J_rows[:, :fast], field[:fast], SHRINK, height)[:, start:end]
        A = fields(J_rows[:, fast:-1], field[fast:-1])[:, start:end]
        line_a = fields(linear(J_rows, fast), linear(field.reshape(1, -1), fast)[0])[0][start:end]
        base = chunk << split.middle
        fill_chunk(EA, EB, A, B, line_a, line_b, L[base + start : base + end])


@njit
def linear(J, fast):  # type: ignore[no-untyped-def]
    """x_m - sum of x over the fast units, as couplings (units, 1)."""
    out = J[:, -1:].copy()
    for unit in range(len(J)):
        for k in range(fast):
            out[unit, 0] -= J[unit, k]
    return out


@njit
def fill_chunk(EA, EB, A, B, line_a, line_b, L):  # type: ignore[no-untyped-def]
    """Fill L of some rows, from the tables of fast units and of the safe ones."""
    mantissa = np.ones(L.shape, F32)
    exponent = np.zeros(L.shape, I32)
    for i in range(len(L)):
        for j in range(L.shape[1]):
            L[i, j] = line_a[i] + line_b[j]
    multiply_fast(EA, EB, mantissa, exponent)
    multiply_safe(A, B, L, mantissa, exponent)
    for i in range(len(L)):
        for j in range(L.shape[1]):
            L[i, j] += math.log(2.0) * exponent[i, j] + math.log(mantissa[i, j])


@njit(fastmath=IEEE)
def multiply_fast(EA, EB, mantissa, exponent):  # type: ignore[no-untyped-def]
    """Multiply by 1 + q, q = EA[k, i] EB[k, j], for all units k."""
    units, rows = EA.shape
    columns = EB.shape[1]
    for block in range(0, units, BLOCK):
        for i in range(rows):
            product = mantissa[i]
            twos = exponent[i]
            for k in range(block, min(block + BLOCK, units), GROUP):
                a0, a1, a2, a3 = EA[k, i], EA[k + 1, i], EA[k + 2, i], EA[k + 3, i]
                b0 = EB[k]
                b1 = EB[k + 1]
                b2 = EB[k + 2]
                b3 = EB[k + 3]
                for j in range(columns):
                    p = (SHRINK + a0 * b0[j]) * (SHRINK + a1 * b1[j])
                    q = (SHRINK + a2 * b2[j]) * (SHRINK + a3 * b3[j])
                    bits = F32(product[j] * (p * q)).view(I32)
                    twos[j] += (bits >> EXPONENT_BITS) + PER_GROUP
                    product[j] = I32((bits & MANTISSA) | ONE).view(F32)


@njit(fastmath=IEEE)
def multiply_safe(A, B, L, mantissa, exponent):  # type: ignore[no-untyped-def]
    """Multiply by 1 + exp(-2|x|), x = A[k, i] + B[k, j], for all units k, and add |x| to L."""
    units, rows = A.shape
    columns = B.shape[1]
    sizes = np.empty(columns, F32)
    for block in range(0, units, BLOCK):
        for i in range(rows):
            sums = L[i]
            product = mantissa[i]
            twos = exponent[i]
            for k in range(block, min(block + BLOCK, units)):
                a = A[k, i]
                b = B[k]
                for j in range(columns):
                    size = abs(a + b[j])
                    sums[j] += size
                    sizes[j] = size
                for j in range(columns):
                    bits = F32(product[j] * (F32(1.0) + exp_minus_2(sizes[j]))).view(I32)
                    twos[j] += (bits >> EXPONENT_BITS) - I32(BIAS)
                    product[j] = I32((bits & MANTISSA) | ONE).view(F32)
