"""Functions of a field of any size, by exp(-2|x|), which cannot overflow.

log 2cosh x = |x| + log(1 + e),   1 / (1 + exp(2x)) = (e if x > 0 else 1) / (1 + e),
e = exp(-2|x|).
"""

from __future__ import annotations

import math

import numpy as np

from ebmbench.numerics import njit
from ebmbench_exact.half_split import IEEE

F32 = np.float32

# 2^f on [-1/2, 1/2], a Taylor polynomial in f log 2: truncated below 6e-9.
EXP2 = tuple(F32(math.log(2.0) ** i / math.factorial(i)) for i in range(8))
ROUND = F32(12582912.0)  # 1.5 * 2^23: adding it rounds a float32 to the nearest integer
TWO_LOG2_E = F32(2.0 * math.log2(math.e))


@njit(fastmath=IEEE)
def exp_minus_2(x):  # type: ignore[no-untyped-def]
    """exp(-2x) in float32 for x >= 0; no table and no branch, so loops vectorise."""
    y = max(-TWO_LOG2_E * x, F32(-126.0))
    shifted = y + ROUND
    f = y - (shifted - ROUND)
    # Estrin's scheme: Horner's is one long chain, and a core waits for each link of it
    f2 = f * f
    low = (EXP2[0] + EXP2[1] * f) + (EXP2[2] + EXP2[3] * f) * f2
    high = (EXP2[4] + EXP2[5] * f) + (EXP2[6] + EXP2[7] * f) * f2
    p = low + high * (f2 * f2)
    exponent = F32(shifted).view(np.int32) << np.int32(23)
    return np.int32(F32(p).view(np.int32) + exponent).view(F32)


@njit(fastmath=IEEE, error_model="numpy")
def add_safe(A, B, weights, in_rows, in_columns):  # type: ignore[no-untyped-def]
    """Add ``w / (1 + exp(2x))``, x = A[i] + B[j], to the sums of row i and of column j.

    A (rows, units) and B (columns, units) are float64: their sum may be much smaller than they.
    """
    units = A.shape[1]
    x = np.empty(units, F32)
    for i in range(len(A)):
        a = A[i]
        in_row = in_rows[i]
        for j in range(len(B)):
            w = F32(weights[i, j])
            b = B[j]
            in_column = in_columns[j]
            if w > 0:
                for k in range(units):
                    x[k] = a[k] + b[k]
                for k in range(units):
                    e = exp_minus_2(abs(x[k]))
                    r = w * (e if x[k] > 0 else F32(1.0)) / (F32(1.0) + e)
                    in_row[k] += r
                    in_column[k] += r
