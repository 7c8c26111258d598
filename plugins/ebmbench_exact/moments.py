"""The second pass: <s t'> = <s tanh(x)'>, given all weights.

    tanh x = 1 - 2r,   r = 1 / (1 + q),   q = exp(2x),

so the sums of ``w r`` per row and per column of states are enough: one division per state and unit.
Each unit is summed on its own, in the order of the states, so the units may be shared out among
threads in any way. A tile of TILE units at a time, whose sums stay in the second-level cache.
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
)
from ebmbench_exact.safe_form import add_safe
from ebmbench_exact.tables import exponentials, fields

F32 = np.float32
TILE = 96  # no power of two: equal distances in memory would share a cache set
LANES = 8  # tiles are padded to whole vectors


@kept
@njit(nogil=True)
def fill_moments(split, w, mean, Z, moments, first, last):  # type: ignore[no-untyped-def]
    """Fill ``moments`` (n + 1, m + 1) for the units of ``t`` from ``first`` up to ``last``.

    Args:
        split: the split of J, which orders the units.
        w: (rows, columns), the weights.
        mean: <s> and 1 for the unit that is +1, (n + 1,).
        Z: the sum of w.
        moments: <s t'>, and <t'> in the last row; the units as they stood before the split.
        first: the first unit, in the split's order.
        last: the one after the last.
    """
    start = first
    while start < last:
        end = min(start + TILE, split.fast if start < split.fast else last, last)
        sums = sums_of_tile(split, w, start, end)
        for k in range(start, end):
            for unit in range(len(mean)):
                moments[unit, split.order[k]] = mean[unit] - 2.0 * sums[unit, k - start] / Z
        start = end


@njit
def sums_of_tile(split, w, start, end):  # type: ignore[no-untyped-def]
    """The sums of ``s w r`` over all states for some units of one form, (n + 1, width) float64."""
    width = -(-(end - start) // LANES) * LANES
    J_rows = couplings_of_rows(split)[:, start:end]
    J_columns = couplings_of_columns(split)[:, start:end]
    is_fast = start < split.fast
    rows, columns = 1 << split.middle, w.shape[1]
    sums = np.zeros((len(split.J), width))
    in_rows = np.empty((rows, width), F32)
    in_columns = np.empty((columns, width), F32)
    none = np.zeros(end - start)
    for chunk in range(len(w) // rows):
        in_rows[:] = 0.0
        in_columns[:] = 0.0
        field = field_of_chunk(split, chunk)[start:end]
        weights = w[chunk * rows : (chunk + 1) * rows]
        if is_fast:
            EA = np.ascontiguousarray(exponentials(J_rows, field, 1.0, width).T)
            EB = np.ascontiguousarray(exponentials(J_columns, none, 1.0, width).T)
            add_fast(EA, EB, weights, in_rows, in_columns)
        else:
            A = np.ascontiguousarray(fields(J_rows, field).T)
            B = np.ascontiguousarray(fields(J_columns, none).T)
            add_safe(A, B, weights, in_rows, in_columns)
        add_sums(split, chunk, in_rows, in_columns, sums)
    return sums


@njit(fastmath=IEEE, error_model="numpy")
def add_fast(EA, EB, weights, in_rows, in_columns):  # type: ignore[no-untyped-def]
    """Add ``w / (1 + q)``, q = EA[i] EB[j], to the sums of row i and of column j."""
    units = EA.shape[1]
    for i in range(len(EA)):
        a = EA[i]
        in_row = in_rows[i]
        for j in range(len(EB)):
            w = F32(weights[i, j])
            b = EB[j]
            in_column = in_columns[j]
            if w > 0:
                for k in range(units):
                    r = w / (F32(1.0) + a[k] * b[k])
                    in_row[k] += r
                    in_column[k] += r


@njit
def add_sums(split, chunk, in_rows, in_columns, sums):  # type: ignore[no-untyped-def]
    """Add a chunk's sums per row and per column to ``sums``, with the signs of the units of s."""
    high, low = split.high, split.high + split.middle
    add_signed(in_rows, sums[high:low])
    add_signed(in_columns, sums[low:-1])
    total = in_rows[0]
    for k in range(len(total)):
        sums[-1, k] += total[k]
    for unit in range(high):
        up = unit >= split.fixed and is_up(unit - split.fixed, chunk)
        for k in range(len(total)):
            sums[unit, k] += total[k] if up else -total[k]


@njit
def add_signed(states, sums):  # type: ignore[no-untyped-def]
    """Add ``sum_i s_i states[i]`` to ``sums`` (units, width); leaves the plain sum in states[0].

    The last unit first, whose two halves are then added up: fewer states for the next.
    """
    for unit in range(len(sums) - 1, -1, -1):
        size, out = 1 << unit, sums[unit]
        for i in range(size):
            down, up = states[i], states[size + i]
            for k in range(len(out)):
                out[k] += up[k] - down[k]
                down[k] += up[k]
