"""Pulls and their sums in compiled passes over rows, then over units; no neighbour is formed."""

from __future__ import annotations

import numpy as np

from ebmbench.numerics import (
    LANES,
    exp_minus_2,
    kept,
    log_of_product,
    njit,
    take_sizes,
)
from ebmbench_flip.objectives import pull_of

F32 = np.float32
IEEE = {"nnan", "nsz"}  # lets max() be a single instruction; changes no bit of a number


@kept
@njit(nogil=True)
def fill_pulls(code, clip, x, v, W, a, sites, pulls, sums, first, last):  # type: ignore[no-untyped-def]
    """Each unit's pull on each row, and what a row's neighbours together say of the hidden units.

    Rows ``first`` to ``last`` are counted through all replicas.

    Args:
        code: of the objective.
        clip: the largest size of a rise that is taken as it is.
        x, v: fields (R, N, H) and spins (R, N, V).
        W, a: couplings (R, V, H) and (R, V).
        sites: the units that are turned, (R, M).
        pulls: is filled, (R, N, M).
        sums: is filled with sum_i w_i t_ij - (sum_i w_i) tanh x_j, (R, N, H).
    """
    _, N, H = x.shape
    turned, size, product = np.empty(H, F32), np.empty(H, F32), np.empty(LANES, F32)
    for index in range(first, last):
        r, row = index // N, index % N
        before = take_sizes(x[r, row], size) + log_of_product(size, F32(1.0), product)
        total = sums[r, row]
        total[:] = F32(0.0)
        together = F32(0.0)
        for m in range(sites.shape[1]):
            i = sites[r, m]
            spin = v[r, row, i]
            turn(x[r, row], W[r, i], F32(2.0) * spin, turned)
            after = take_sizes(turned, size) + log_of_product(size, F32(1.0), product)
            rise = before - after + 2.0 * a[r, i] * spin
            pull = F32(pull_of(code, min(max(rise, -clip), clip)))
            pulls[r, row, m] = pull
            together += pull
            add_means(turned, size, pull, total)
        take_sizes(x[r, row], size)
        add_means(x[r, row], size, -together, total)


@kept
@njit(nogil=True)
def fill_turned_slopes(x, v, W, sites, weights, slopes, first, last):  # type: ignore[no-untyped-def]
    """sum_n u_ni v_ni t_nij for each unit that is turned; units are counted through all replicas.

    Args:
        weights: u, each row's weight times its pull, (R, N, M).
        slopes: is filled, (R, V, H).
    """
    _, N, H = x.shape
    M = sites.shape[1]
    turned, size = np.empty(H, F32), np.empty(H, F32)
    for index in range(first, last):
        r, m = index // M, index % M
        i = sites[r, m]
        slopes[r, i, :] = F32(0.0)
        for row in range(N):
            spin = v[r, row, i]
            turn(x[r, row], W[r, i], F32(2.0) * spin, turned)
            take_sizes(turned, size)
            add_means(turned, size, weights[r, row, m] * spin, slopes[r, i])


@njit(fastmath=IEEE)
def turn(x, w, by, turned):  # type: ignore[no-untyped-def]
    """The fields once a unit of couplings ``w`` is turned, which changes it by -``by``."""
    for j in range(len(x)):
        turned[j] = x[j] - by * w[j]


@njit(fastmath=IEEE, error_model="numpy")
def add_means(x, size, weight, total):  # type: ignore[no-untyped-def]
    """Add weight tanh(x), given |x|."""
    for j in range(len(x)):
        e = exp_minus_2(size[j])
        t = weight * (F32(1.0) - e) / (F32(1.0) + e)
        total[j] += t if x[j] > 0 else -t
