"""The phase of a model of few visible units, compiled: particles that coincide are taken once.

Late in a training most chains stand in the same few v, and tanh(v W + b) depends on v alone. So
rows are told apart first, each with the sum of its particles' weights, and what a phase computes is
computed for the distinct ones: over 2048 chains in 30 places a seventieth of the work. Sums run in
the order in which the rows first come, column by column: no bit depends on threads or replicas.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from torch import Tensor

from ebmbench.numerics import philox
from ebmbench.numerics.compiled import kept, njit
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.spin_functions import tanh
from ebmbench.numerics.threads import cut, in_parallel, thread_count

FEW = 32  # visible units; with more, particles hardly coincide
COLUMNS = 256  # hidden units at a time: their couplings and sums stay in the first-level cache
ROWS = 4  # of a column's sums that are added up side by side
WORK = 1 << 19  # multiply-adds below which a second thread does not pay
PRIME, START = np.uint64(0x100000001B3), np.uint64(0xCBF29CE484222325)  # Fowler, Noll and Vo 1991
SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio, Knuth's multiplier


def has_few_units(particles: Particles, W: Tensor) -> bool:
    """Whether the compiled way is open; it does not ask how many replicas or particles."""
    v, h, _ = particles
    here = v.device.type == "cpu" and v.dtype == W.dtype == torch.float32
    return here and h is None and W.shape[1] <= FEW and W.is_contiguous()


def distinct_phase(particles: Particles, W: Tensor, b: Tensor | None) -> tuple[Tensor, ...]:
    """-<v t'>, -<v> and -<t> with t = tanh(v W + b): (R, V, H), (R, V) and (R, H)."""
    v, weight = particles.v, particles.weights
    (R, N, _), H = v.shape, W.shape[2]
    bias = torch.zeros(R, H) if b is None else b
    out = torch.empty_like(W), torch.empty(R, W.shape[1]), torch.empty(R, H)
    inputs = [each.detach().contiguous().numpy() for each in (v, weight, W, bias)]
    distinct = np.empty((R, N), np.int32), np.empty((R, N), np.float32), np.empty(R, np.int32)
    arrays = (*inputs, *distinct, *(each.detach().numpy() for each in out))
    pieces = R * -(-H // COLUMNS)
    threads = min(thread_count(), 1 + 2 * N * W.numel() // WORK)
    in_parallel([partial(find_distinct, *arrays[:2], *distinct, each.start, each.stop)
                 for each in cut(R, threads)])  # fmt: skip
    in_parallel([partial(fill_distinct_phases, *arrays, each.start, each.stop)
                 for each in cut(pieces, threads)])  # fmt: skip
    return out


@kept
@njit(nogil=True)
def find_distinct(v, weight, first, weights, counts, start, stop):  # type: ignore[no-untyped-def]
    """Tell the rows of the replicas from ``start`` to ``stop`` apart.

    Args:
        v: (R, N, V) float32; weight: (R, N) float32.
        first: (R, N) int32, filled with the first row of each distinct one.
        weights: (R, N) float32, filled with the sum of its rows' weights.
        counts: (R,) int32, filled with how many there are.
    """
    N = v.shape[1]
    bits = 1
    while 1 << bits < 2 * N:
        bits += 1
    slots, shift = np.empty(1 << bits, np.int32), np.uint64(64 - bits)
    for r in range(start, stop):
        slots[:] = -1
        count = 0
        for row in range(N):
            slot = np.int64(code_of(v[r, row]) * SPREAD >> shift)
            while slots[slot] >= 0 and not same(v[r, row], v[r, first[r, slots[slot]]]):
                slot = (slot + 1) % len(slots)
            if slots[slot] < 0:
                slots[slot], first[r, count], weights[r, count] = count, row, 0.0
                count += 1
            weights[r, slots[slot]] += weight[r, row]
        counts[r] = count


@njit
def code_of(row):  # type: ignore[no-untyped-def]
    """A hash of a row's bits; 0 and -0 may be told apart, which costs time and nothing else."""
    code = START
    for unit in row.view(np.uint32):
        code = (code ^ np.uint64(unit)) * PRIME
    return code


@njit
def same(mine, theirs):  # type: ignore[no-untyped-def]
    """Whether two rows are equal, unit by unit."""
    differing = 0
    for unit in range(len(mine)):
        differing += mine[unit] != theirs[unit]
    return differing == 0


@kept
@njit(nogil=True)
def fill_distinct_phases(  # type: ignore[no-untyped-def]
    v, weight, W, b, first, weights, counts, d_W, d_a, d_b, start, stop
):
    """Fill d_W (R, V, H), d_a (R, V) and d_b (R, H), pieces ``start`` to ``stop``.

    A piece is COLUMNS hidden units of a replica; the first of a replica's also fills its d_a.
    """
    V, H = W.shape[1:]
    pieces = (H + COLUMNS - 1) // COLUMNS
    t, factors = np.empty((ROWS, H), np.float32), np.empty((V, ROWS), np.float32)
    shares = np.empty(ROWS, np.float32)
    for piece in range(start, stop):
        r, low = piece // pieces, piece % pieces * COLUMNS
        high = min(low + COLUMNS, H)
        d_W[r, :, low:high] = 0.0
        d_b[r, low:high] = 0.0
        if low == 0:
            d_a[r] = 0.0
        for row in range(0, counts[r], ROWS):
            rows = min(ROWS, counts[r] - row)
            for n in range(rows):
                units, shares[n] = v[r, first[r, row + n]], -weights[r, row + n]
                fill_mean_spins(units, W[r], b[r], low, high, t[n])
                factors[:, n] = shares[n] * units
                if low == 0:
                    d_a[r] += factors[:, n]
            add_up(shares[:rows], t, low, high, d_b[r])
            for unit in range(V):
                add_up(factors[unit, :rows], t, low, high, d_W[r, unit])


@njit(fastmath=philox.FAST, error_model="numpy")
def fill_mean_spins(units, W, b, low, high, t):  # type: ignore[no-untyped-def]
    """tanh(v W + b) into ``t``, of the hidden units from ``low`` to ``high``."""
    here, bias = t[low:high], b[low:high]
    for column in range(len(here)):
        here[column] = bias[column]
    add_up(units, W, low, high, t)
    for column in range(len(here)):
        here[column] = tanh(here[column])


@njit
def add_up(factors, rows, low, high, out):  # type: ignore[no-untyped-def]
    """Add sum_n factors[n] rows[n] to ``out``, four rows at a time, columns ``low`` to ``high``."""
    here, whole = out[low:high], len(factors) - len(factors) % ROWS
    for n in range(0, whole, ROWS):
        a, b, c, d = factors[n], factors[n + 1], factors[n + 2], factors[n + 3]
        p, q = rows[n][low:high], rows[n + 1][low:high]
        r, s = rows[n + 2][low:high], rows[n + 3][low:high]
        for column in range(len(here)):
            here[column] += (a * p[column] + b * q[column]) + (c * r[column] + d * s[column])
    for n in range(whole, len(factors)):
        a, p = factors[n], rows[n][low:high]
        for column in range(len(here)):
            here[column] += a * p[column]
