"""The phase of many particles, compiled: fields, their tanh and what is made of it meet in a cache.

    m = scale v xi_v',   t = tanh(m xi_h),   d_h = -(w m)' t,   d_v = -scale (w t xi_h')' v

Five thin products; a field is never written to memory. Each sum has one order: rows in runs of
RUN, hidden units in pieces of PIECE, one after the other, whichever thread takes which.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ebmbench import Particles, Phase
from ebmbench.numerics import (
    WIDTH,
    add_fused_products,
    cut,
    in_parallel,
    kept,
    njit,
    thread_count,
    to_tanh,
)

PARTICLES = 1024  # at a time, so that memory does not grow with them
RUN = 96  # particles whose t stays in the first cache
TILE = 64  # hidden units that are found side by side
PIECE = 512  # hidden units of a task
COLUMNS = 64  # visible units of a task
F32 = np.float32
Floats = NDArray[np.float32]
Pair = tuple[Floats, Floats]


def wide_phase(particles: Particles, xi_v: Tensor, xi_h: Tensor, scale: float) -> Phase:
    """dF/dxi_v and dF/dxi_h over particles v (R, N, V) whose hidden units are summed out."""
    found = torch.zeros_like(xi_v), torch.zeros_like(xi_h)
    patterns, slopes = _arrays(xi_v, xi_h), _arrays(*found)
    for part in particles.parts(PARTICLES):
        _add_part(_arrays(part.v, part.weights), patterns, F32(scale), slopes)
    return found


def _arrays(one: Tensor, other: Tensor) -> Pair:
    return one.detach().contiguous().numpy(), other.detach().contiguous().numpy()


def held(K: int, V: int, H: int) -> float:
    """Bytes that a replica's phase holds: overlaps, those of each piece, and both slopes."""
    pieces, padded = -(-H // PIECE), K + WIDTH
    return 4.0 * (PARTICLES * (pieces * padded + 4 * padded) + 2 * K * (V + H))


def _add_part(particles: Pair, patterns: Pair, scale: np.float32, slopes: Pair) -> None:
    """Add what particles v, weights say to the slopes d_v (R, K, V) and d_h (R, K, H)."""
    (v, weight), (xi_v, xi_h), (d_v, d_h) = particles, patterns, slopes
    (R, N, V), (_, K, H) = v.shape, xi_h.shape
    padded = _whole(K, WIDTH)
    m = np.empty((R, N, padded), F32)
    _share(R, N, RUN, partial(fill_overlaps, v, xi_v, scale, m))
    signed = np.ascontiguousarray((-weight[:, :, None] * m[:, :, :K]).transpose(0, 2, 1))
    of_pieces = np.empty((-(-H // PIECE), R, N, padded), F32)
    _share(R, H, PIECE, partial(add_hidden_slopes, m, signed, xi_h, of_pieces, d_h))
    overlaps = of_pieces.sum(0)
    overlaps *= (-scale * weight)[:, :, None]
    _share(R, V, COLUMNS, partial(add_visible_slopes, v, overlaps, d_v))


def _whole(units: int, size: int) -> int:
    """``units`` rounded up to whole ``size``."""
    return -(-units // size) * size


def _share(R: int, count: int, size: int, task: Callable[[int, int], Any]) -> None:
    """Tasks of ``size`` of the ``count``, counted through all replicas, for all threads."""
    parts = cut(R * -(-count // size), thread_count())
    in_parallel([partial(task, part.start, part.stop) for part in parts])


@kept
@njit(nogil=True)
def fill_overlaps(v, xi_v, scale, m, start, stop):  # type: ignore[no-untyped-def]
    """m (R, N, K and padding) = scale v xi_v', for the runs of rows from ``start`` to ``stop``."""
    (_, N, V), K = v.shape, xi_v.shape[1]
    runs, turned, last = (N + RUN - 1) // RUN, np.zeros((V, WIDTH), F32), -1
    for tile in range(m.shape[2] // WIDTH):
        for index in range(start, stop):
            r, first = index // runs, index % runs * RUN
            if index == start or r != last:
                patterns = xi_v[r, tile * WIDTH : min(K, (tile + 1) * WIDTH)]
                turned[:] = 0.0
                for unit in range(V):
                    for k in range(len(patterns)):
                        turned[unit, k] = scale * patterns[k, unit]
                last = r
            rows = min(RUN, N - first)
            out = m[r, first : first + rows, tile * WIDTH :]
            out[:, :WIDTH] = 0.0
            add_fused_products(
                v[r, first].ctypes.data, rows, 4 * V, 4, turned.ctypes.data, 4 * WIDTH, V,
                out.ctypes.data, m.strides[1],
            )  # fmt: skip


@kept
@njit(nogil=True)
def add_hidden_slopes(m, signed, xi_h, overlaps, d_h, start, stop):  # type: ignore[no-untyped-def]
    """Add -(w m)' t to d_h, for pieces of H, and put what t overlaps with them there.

    Args:
        m: (R, N, K and padding); signed: -w m, (R, K, N).
        xi_h: (R, K, H); d_h: the same.
        overlaps: t xi_h' over the units of each piece, (pieces, R, N, K and padding), filled.
        start, stop: of the pieces, counted through all replicas.
    """
    (_, N, padded), (_, K, H) = m.shape, xi_h.shape
    pieces, t = (H + PIECE - 1) // PIECE, np.empty((RUN, TILE), F32)
    numbers = np.empty((PIECE // WIDTH, K, WIDTH), F32)
    turned = np.empty((padded // WIDTH, PIECE, WIDTH), F32)
    slopes = np.empty_like(numbers)
    for index in range(start, stop):
        r, piece = index // pieces, index % pieces
        units = min(PIECE, H - piece * PIECE)
        mine = xi_h[r, :, piece * PIECE : piece * PIECE + units]
        pack_piece(mine, numbers, turned)
        slopes[:] = 0.0
        for first in range(0, N, RUN):
            rows = min(RUN, N - first)
            out = overlaps[piece, r, first : first + rows]
            out[:] = 0.0
            for unit in range(0, units, TILE):
                add_tile(
                    m[r, first:], signed[r, :, first:], rows, min(TILE, units - unit),
                    numbers[unit // WIDTH :], turned[:, unit:], out, slopes[unit // WIDTH :], t,
                )  # fmt: skip
        for k in range(K):
            there = d_h[r, k, piece * PIECE :]
            for unit in range(units):
                there[unit] += slopes[unit // WIDTH, k, unit % WIDTH]


@njit(nogil=True)
def pack_piece(xi_h, numbers, turned):  # type: ignore[no-untyped-def]
    """Patterns (K, units) in runs of 16 units, (runs, K, 16), and of 16 patterns, (.., units, 16).

    What is left over is 0.
    """
    numbers[:] = 0.0
    turned[:] = 0.0
    for k in range(len(xi_h)):
        for unit in range(xi_h.shape[1]):
            number = xi_h[k, unit]
            numbers[unit // WIDTH, k, unit % WIDTH] = number
            turned[k // WIDTH, unit, k % WIDTH] = number


@njit(nogil=True)
def add_tile(m, signed, rows, units, numbers, turned, overlaps, slopes, t):  # type: ignore[no-untyped-def]
    """Add what a run of rows says of a tile of hidden units to ``overlaps`` and ``slopes``."""
    K, runs, across = len(signed), (units + WIDTH - 1) // WIDTH, 4 * TILE
    t[:rows] = 0.0
    for run in range(runs):
        add_fused_products(
            m.ctypes.data, rows, m.strides[0], 4, numbers[run].ctypes.data, 4 * WIDTH, K,
            t[:, run * WIDTH :].ctypes.data, across,
        )  # fmt: skip
    to_tanh(t[:rows].reshape(-1))
    for tile in range(len(turned)):
        add_fused_products(
            t.ctypes.data, rows, across, 4, turned[tile].ctypes.data, 4 * WIDTH, units,
            overlaps[:, tile * WIDTH :].ctypes.data, overlaps.strides[0],
        )  # fmt: skip
    for run in range(runs):
        add_fused_products(
            signed.ctypes.data, K, signed.strides[0], 4, t[:, run * WIDTH :].ctypes.data, across,
            rows, slopes[run].ctypes.data, 4 * WIDTH,
        )  # fmt: skip


@kept
@njit(nogil=True)
def add_visible_slopes(v, overlaps, d_v, start, stop):  # type: ignore[no-untyped-def]
    """Add (overlaps)' v to d_v (R, K, V), for tiles of V from ``start`` to ``stop``.

    Args:
        overlaps: (R, N, K and padding), weighted.
    """
    (_, N, V), K = v.shape, d_v.shape[1]
    tiles = (V + COLUMNS - 1) // COLUMNS
    columns, slopes = np.empty((N, WIDTH), F32), np.empty((K, WIDTH), F32)
    for index in range(start, stop):
        r, first = index // tiles, index % tiles * COLUMNS
        for unit in range(first, min(first + COLUMNS, V), WIDTH):
            units = min(WIDTH, V - unit)
            columns[:, units:] = 0.0
            columns[:, :units] = v[r, :, unit : unit + units]
            slopes[:] = 0.0
            add_fused_products(
                overlaps[r].ctypes.data, K, 4, overlaps.strides[1], columns.ctypes.data, 4 * WIDTH,
                N, slopes.ctypes.data, 4 * WIDTH,
            )  # fmt: skip
            d_v[r, :, unit : unit + units] += slopes[:, :units]
