"""The lowest energy of all states, and the state that has it.

Each t aligns with its field, so E = -x_m - sum_{k<m} |x_k| for x = A[i] + B[j], and

    |A + B| = 2 max(B, -A) + A - B,

where the sum of A - B over k is a number per row and one per column: an element takes a maximum and
an addition, in float64 at any size of the fields.
"""

from __future__ import annotations

import numpy as np

from ebmbench.numerics import kept, njit
from ebmbench_exact.half_split import (
    IEEE,
    couplings_of_columns,
    couplings_of_rows,
    field_of_chunk,
    is_up,
    rows_by_chunk,
)
from ebmbench_exact.tables import fields
from ebmbench_exact.weights import row_is_up

BLOCK = 8  # units whose tables fit the first-level cache


@kept
@njit(nogil=True)
def fill_lowest(split, lowest, first, last):  # type: ignore[no-untyped-def]
    """Fill ``lowest`` (rows,) from ``first`` up to ``last`` with the lowest energy in each row."""
    J_columns = couplings_of_columns(split)
    B = fields(J_columns, np.zeros(J_columns.shape[1]))
    line_b = line(B, -1.0)
    for chunk, start, end in rows_by_chunk(split, first, last):
        A = fields(couplings_of_rows(split), field_of_chunk(split, chunk))[:, start:end]
        line_a = line(A, 1.0)
        sums = np.zeros((A.shape[1], B.shape[1]))
        add_maxima(A[:-1], B[:-1], sums)
        base = chunk << split.middle
        for i in range(start, end):
            lowest[base + i] = -highest(sums[i - start], line_b) - line_a[i - start]


@kept
@njit(nogil=True)
def fill_state(split, row, spins):  # type: ignore[no-untyped-def]
    """Fill ``spins`` (n,) with the units s of the lowest of the states in a row."""
    J_columns = couplings_of_columns(split)
    B = fields(J_columns, np.zeros(J_columns.shape[1]))
    chunk = row >> split.middle
    at = row - (chunk << split.middle)
    A = fields(couplings_of_rows(split), field_of_chunk(split, chunk))[:, at : at + 1]
    sums = np.zeros((1, B.shape[1]))
    add_maxima(A[:-1], B[:-1], sums)
    column = np.argmax(2.0 * sums[0] + line(B, -1.0))
    first_low = split.high + split.middle
    for unit in range(len(spins)):
        in_row = unit < first_low
        up = row_is_up(split, unit, row) if in_row else is_up(unit - first_low, column)
        spins[unit] = 1.0 if up else -1.0


@njit
def line(table, sign):  # type: ignore[no-untyped-def]
    """x_m + sign times the sum of x over all other units, per state."""
    out = table[-1].copy()
    for k in range(len(table) - 1):
        for state in range(len(out)):
            out[state] += sign * table[k, state]
    return out


@njit(fastmath=IEEE)
def add_maxima(A, B, sums):  # type: ignore[no-untyped-def]
    """Add ``max(B[k, j], -A[k, i])`` to ``sums`` (rows, columns) for all units k."""
    units, rows = A.shape
    columns = B.shape[1]
    for block in range(0, units, BLOCK):
        for i in range(rows):
            out = sums[i]
            for k in range(block, min(block + BLOCK, units)):
                least = -A[k, i]
                b = B[k]
                for j in range(columns):
                    out[j] += max(b[j], least)


@njit
def highest(sums, line_b):  # type: ignore[no-untyped-def]
    """max_j 2 sums[j] + line_b[j]."""
    out = -np.inf
    for j in range(len(sums)):
        out = max(out, 2.0 * sums[j] + line_b[j])
    return out
