"""How the states of a two-layer model are cut, so that few fields need to be computed.

The smaller layer, ``s`` (n spins), is enumerated; the other, ``t`` (m spins), is summed out. A unit
that is always +1 ends each layer, so that the biases are couplings as well:

    J = [[M, p], [q, 0]]  (n + 1, m + 1),   E(s, t) = -s'M t - p's - q't,
    sum_t exp(-E(s, t)) = exp(L),   L = x_m + sum_{k<m} log 2cosh x_k,   x = (s, 1) J.

The units of ``s`` are cut in two: the last ones, at most 8, number the columns j and the others the
rows i of a matrix of all states. Then ``x = A[i] + B[j]``, and two passes over all (i, j, k) give
everything: the log-weights L[i, j], and then, with the weights known, the sums of ``w tanh x`` per
row and per column, which are all that the moments <s tanh(x)'> need. The rows come in chunks with
small tables of their own, so that nothing grows like 2^n but L.

Where no unit has a bias, L(-s) = L(s): the first unit then stays at -1 (``fixed`` = 1) and half
the states are left.

Which form of the functions of x is computed is chosen for each unit of ``t``: the fast one where
exp(2x) stays within float32 (``log_weights``), else the safe one (``safe_form``).

All loops are in the order of IEEE arithmetic, one unit or one state per lane, and no operation may
be reassociated or contracted: the bits depend neither on the vector width, nor on how the work is
shared among threads, nor on whether the code was compiled just now or taken from numba's cache.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ebmbench.numerics import kept, njit

IEEE = {"nnan", "nsz"}  # lets max() and abs() be single instructions; changes no bit of a number

COLUMN_UNITS = 8  # 256 columns: their tables stay in the second-level cache
CHUNK_UNITS = 7  # 128 rows with one table
LARGEST_FAST = 21.0  # see ``log_weights``


class Split(NamedTuple):
    """One replica's J and how it is cut.

    Attributes:
        J: (n + 1, m + 1), the columns of fast units first, then the safe ones, then the +1.
        order: (m,), where each column stood before.
        fast: how many fast units there are.
        fixed: how many units of ``s`` stay at -1.
        high: units of ``s`` that are the same in a chunk, the fixed one among them.
        middle: the next units, which number the rows of a chunk.
        low: the last units, which number the columns.
    """

    J: NDArray[np.float64]
    order: NDArray[np.int64]
    fast: int
    fixed: int
    high: int
    middle: int
    low: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of L."""
        return 1 << (self.high - self.fixed + self.middle), 1 << self.low


@kept
@njit(nogil=True)
def split_states(J, fixed):  # type: ignore[no-untyped-def]
    """The split of J (n + 1, m + 1)."""
    n, m = J.shape[0] - 1, J.shape[1] - 1
    low = min(COLUMN_UNITS, (n - fixed + 1) // 2)
    middle = min(CHUNK_UNITS, n - fixed - low)
    order, fast = fast_first(J)
    ordered = np.empty_like(J)
    for row in range(n + 1):
        for k in range(m):
            ordered[row, k] = J[row, order[k]]
        ordered[row, m] = J[row, m]
    return Split(ordered, order, fast, fixed, n - middle - low, middle, low)


@njit
def fast_first(J):  # type: ignore[no-untyped-def]
    """The units of ``t`` in order, those of the fast form first, and how many these are.

    max |x| over all states is the sum of the sizes of a unit's couplings and its bias.
    """
    m = J.shape[1] - 1
    largest = np.zeros(m)
    for row in range(len(J)):
        for k in range(m):
            largest[k] += abs(J[row, k])
    order = np.empty(m, np.int64)
    fast = 0
    for form in range(2):
        at = fast if form else 0
        for k in range(m):
            if (largest[k] > LARGEST_FAST) == form:
                order[at] = k
                at += 1
        fast = fast if form else at
    return order, fast


@njit
def rows_by_chunk(split, first, last):  # type: ignore[no-untyped-def]
    """(chunk, start, end) for each chunk that has rows from ``first`` to ``last``: which it has."""
    rows = 1 << split.middle
    for chunk in range(first // rows, -(-last // rows)):
        base = chunk * rows
        yield chunk, max(first - base, 0), min(last - base, rows)


@njit
def is_up(unit, state):  # type: ignore[no-untyped-def]
    """Whether ``unit`` is +1 in a state of some units: their bits number the states."""
    return (state >> unit) & 1 == 1


@njit
def couplings_of_rows(split):  # type: ignore[no-untyped-def]
    """J of the units that number a chunk's rows."""
    return split.J[split.high : split.high + split.middle]


@njit
def couplings_of_columns(split):  # type: ignore[no-untyped-def]
    """J of the units that number the columns."""
    return split.J[split.high + split.middle : -1]


@njit
def field_of_chunk(split, chunk):  # type: ignore[no-untyped-def]
    """What the unit that is +1 and the units that are the same in a chunk add to x, (m + 1,)."""
    field = split.J[-1].copy()
    for unit in range(split.high):
        up = unit >= split.fixed and is_up(unit - split.fixed, chunk)
        for k in range(len(field)):
            field[k] += split.J[unit, k] if up else -split.J[unit, k]
    return field
