"""Functions of a field of any size, by exp(-2|x|), which cannot overflow.

log 2cosh x = |x| + log(1 + e),   1 / (1 + exp(2x)) = (e if x > 0 else 1) / (1 + e),
e = exp(-2|x|).
"""

from __future__ import annotations

import numpy as np

from ebmbench.numerics import exp_minus_2, njit
from ebmbench_exact.half_split import IEEE

F32 = np.float32


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
