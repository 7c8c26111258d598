"""From log-weights to weights, and the sum over all states."""

from __future__ import annotations

import math

import numpy as np

from ebmbench.numerics import kept, njit
from ebmbench_exact.half_split import is_up

NEGLIGIBLE = math.log(1e-20)  # a weight to leave out: 2^24 of them would add 2e-13


@kept
@njit(nogil=True)
def fill_weights(top, L, first, last):  # type: ignore[no-untyped-def]
    """Put ``w = exp(L - top)`` in the place of L, or 0, in the rows from ``first`` to ``last``."""
    for i in range(first, last):
        for j in range(L.shape[1]):
            below = L[i, j] - top
            L[i, j] = math.exp(below) if below > NEGLIGIBLE else 0.0


@kept
@njit(nogil=True)
def mean_spins(split, w):  # type: ignore[no-untyped-def]
    """<s> and 1 for the unit that is +1, (n + 1,), and Z, the sum of w (rows, columns)."""
    rows, columns = w.shape
    in_columns = np.zeros(columns)
    sums = np.zeros(len(split.J))
    for i in range(rows):
        in_row = 0.0
        for j in range(columns):
            in_row += w[i, j]
            in_columns[j] += w[i, j]
        sums[-1] += in_row
        for unit in range(split.high + split.middle):
            sums[unit] += in_row if row_is_up(split, unit, i) else -in_row
    for j in range(columns):
        for unit in range(split.low):
            at = split.high + split.middle + unit
            sums[at] += in_columns[j] if is_up(unit, j) else -in_columns[j]
    return sums / sums[-1], sums[-1]


@njit
def row_is_up(split, unit, row):  # type: ignore[no-untyped-def]
    """Whether ``unit`` is +1 in a row: the units of a chunk's rows change first."""
    if unit >= split.high:
        return is_up(unit - split.high, row)
    return unit >= split.fixed and is_up(unit - split.fixed + split.middle, row)
