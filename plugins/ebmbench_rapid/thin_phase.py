"""The phase of a few particles, compiled: a replica's patterns stay in the first-level cache.

The same thin products as :meth:`RARBM.phase` makes of large batches. With 3 rows and 1000 hidden
units, arithmetic is nothing and what surrounds it is everything: all of a replica's phase is done
here in one go, row by row.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from torch import Tensor

from ebmbench import Particles, Phase
from ebmbench.numerics import cut, in_parallel, kept, njit, philox, tanh, thread_count
from ebmbench_rapid.dot import dots

FEW = 16  # rows above which matrix products are faster
WORK = 1 << 19  # multiply-adds below which a second thread does not pay


def thin_phase(particles: Particles, xi_v: Tensor, xi_h: Tensor, scale: float) -> Phase:
    """dF/dxi_v and dF/dxi_h over particles v (R, N, V) whose hidden units are summed out."""
    v, weight = particles.v, particles.weights
    R, N, V = v.shape
    out = torch.empty_like(xi_v), torch.empty_like(xi_h)
    arrays = [each.detach().contiguous().numpy() for each in (v, weight, xi_v, xi_h, *out)]
    pieces = min(thread_count(), 1 + 3 * N * xi_v[..., 0].numel() * (V + xi_h.shape[2]) // WORK)
    in_parallel(
        [partial(fill_phases, *arrays, np.float32(scale), each.start, each.stop)
         for each in cut(R, pieces)]
    )  # fmt: skip
    return out


def fits(particles: Particles, xi_v: Tensor) -> bool:
    """Whether particles are few enough; it does not ask how many replicas."""
    return is_compiled(particles, xi_v) and particles.v.shape[1] <= FEW


def is_compiled(particles: Particles, xi_v: Tensor) -> bool:
    """Whether a phase can be compiled code's: on the CPU, with hidden units summed out."""
    v, h, _ = particles
    return v.device.type == "cpu" and v.dtype == xi_v.dtype == torch.float32 and h is None


@kept
@njit(nogil=True)
def fill_phases(v, weight, xi_v, xi_h, d_v, d_h, scale, start, stop):  # type: ignore[no-untyped-def]
    """Fill d_v (R, K, V) and d_h (R, K, H) for the replicas from ``start`` to ``stop``."""
    N, (K, H) = v.shape[1], xi_h.shape[1:]
    field, t = np.empty(H, np.float32), np.empty((N, H), np.float32)
    overlap_v, overlap_h = np.empty((K, N), np.float32), np.empty((K, N), np.float32)
    for r in range(start, stop):
        for n in range(N):
            dots(v[r, n], xi_v[r], scale, overlap_v[:, n])
            field[:] = 0.0
            add_up(overlap_v[:, n], xi_h[r], field)
            fill_mean_spins(field, t[n])
            dots(t[n], xi_h[r], scale, overlap_h[:, n])
        for k in range(K):
            for n in range(N):
                overlap_v[k, n] *= -weight[r, n]
                overlap_h[k, n] *= -weight[r, n]
            d_v[r, k] = 0.0
            d_h[r, k] = 0.0
            add_up(overlap_h[k], v[r], d_v[r, k])
            add_up(overlap_v[k], t, d_h[r, k])


@njit
def add_up(factors, rows, out):  # type: ignore[no-untyped-def]
    """Add sum_k factors[k] rows[k] to ``out``, four rows at a time."""
    whole = len(rows) - len(rows) % 4
    for k in range(0, whole, 4):
        a, b, c, d = factors[k], factors[k + 1], factors[k + 2], factors[k + 3]
        p, q, r, s = rows[k], rows[k + 1], rows[k + 2], rows[k + 3]
        for unit in range(len(out)):
            out[unit] += (a * p[unit] + b * q[unit]) + (c * r[unit] + d * s[unit])
    for k in range(whole, len(rows)):
        a, p = factors[k], rows[k]
        for unit in range(len(out)):
            out[unit] += a * p[unit]


@njit(fastmath=philox.FAST, error_model="numpy")
def fill_mean_spins(field, t):  # type: ignore[no-untyped-def]
    """tanh of each field into ``t``."""
    for unit in range(len(field)):
        t[unit] = tanh(field[unit])
