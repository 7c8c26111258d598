"""Phases of an RBM by table look-ups on integers: the same bits on any number of threads.

A phase over rows of spins is two products, x = v W + b and v' tanh(x). The first is that of a
sweep. In the second the *rows* are the sources: the tanh of four rows, rounded to 2^-22, make a
table, and a unit's spins in these four rows are its index. Sums are exact and hidden units are
taken tile by tile, so no bit depends on threads or replicas; rounding tanh puts a phase 1e-7 off.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ebmbench.numerics import F32, I32, Lanes, intrinsic, njit, now, philox, tanh
from ebmbench_cpu.half_step import draw_tile, find_fields
from ebmbench_cpu.tables import BITS, GROUPS, RUN, TARGETS, scratch

BLOCK = 256  # rows whose tanh sum up to 31 bits
ONE = 2.0**22  # what a mean spin of 1 is
HALF_TILE = TARGETS // 2
PLACE_OF_UNIT = [GROUPS * (unit % BITS) + unit // BITS for unit in range(TARGETS)]


def _store_units(context, run, scale, out):  # type: ignore[no-untyped-def]
    """32 int32 in the order of the draw, times ``scale``: float32 in the order of the units."""

    from numba import types

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        run, scale, out = arguments
        lanes = Lanes(builder, TARGETS)
        units = lanes.shuffled(lanes.load(I32, run), PLACE_OF_UNIT)
        scaled = builder.fmul(builder.sitofp(units, lanes.of(F32)), lanes.all(scale))
        lanes.store(scaled, out)
        return context.get_dummy_value()

    return types.void(types.intp, types.float32, types.intp), generate


store_units: Any = intrinsic(_store_units)


@njit(nogil=True, fastmath=philox.FAST, error_model="numpy")
def fill_mean_spins(fields, step, t):  # type: ignore[no-untyped-def]
    """tanh of fields in units of ``step`` into ``t``, int32 in units of 2^-22; both flat."""
    for place in range(len(fields)):
        t[place] = np.int32(np.rint(tanh(np.float32(fields[place]) * step) * np.float32(ONE)))


@njit(nogil=True)
def write_tile(sums, tile, scale, add, out):  # type: ignore[no-untyped-def]
    """Put (or add) ``sums`` (units, 32) int32 times ``scale`` into a tile's columns of ``out``."""
    run = np.empty(TARGETS, np.float32)
    first = tile * TARGETS
    here = min(TARGETS, out.shape[1] - first)
    for unit in range(len(sums)):
        store_units(sums[unit].ctypes.data, scale, run.ctypes.data)
        row = out[unit, first : first + here]
        for column in range(here):
            row[column] = run[column] + (row[column] if add else np.float32(0.0))


@njit(nogil=True)
def fill_integer_phase(  # type: ignore[no-untyped-def]
    couplings, bias, bits, turned, N, step, weight, keys, draw, odds, hidden, d_W, d_b, seconds,
    start, stop,
):  # fmt: skip
    """Fill the phase of the hidden tiles from ``start`` to ``stop``, counted through all replicas.

    Where ``hidden`` has room for them, hidden units are drawn too, from the fields that the phase
    was taken over: the first half step of chains that start at its rows.

    Args:
        couplings, bias: packed, of the draw of h.
        bits: (R, blocks, tiles of V, BLOCK, 8) uint8, of the rows: units as sources.
        turned: (R, blocks, BLOCK / 32, V, 8) uint8, of the rows: rows as sources.
        N: rows.
        step: (R,) float32, what a field of 1 is worth.
        weight: of each row, float32.
        keys, draw, odds: of the draw: (R,) uint64, its number, (R, N) float32.
        hidden: (R, blocks, tiles, BLOCK, 8) uint8, filled; no blocks where none are drawn.
        d_W: (R, V, H), filled with -<v t'>; d_b: (R, 1, H), with -<t>.
        seconds: (2,) float64, of the phase and of the draw; added to.
    """
    tiles, V = couplings.shape[1], d_W.shape[1]
    fields, tables = scratch(BLOCK)
    sums = np.empty((V, TARGETS), np.int32)
    t, total = np.empty((BLOCK, TARGETS), np.int32), np.empty((1, TARGETS), np.int32)
    for index in range(start, stop):
        r, tile = index // tiles, index % tiles
        scale = np.float32(-weight / np.float32(ONE))
        for block in range(bits.shape[1]):
            first, since = block * BLOCK, now()
            rows = min(BLOCK, N - first)
            padded = (rows + HALF_TILE - 1) // HALF_TILE * HALF_TILE
            origin = bias[r, tile].ctypes.data
            find_fields(couplings[r, tile], bits[r, block], rows, origin, 0, fields, tables)
            fill_mean_spins(fields[:rows].reshape(-1), step[r], t[:rows].reshape(-1))
            t[rows:padded] = 0
            sums[:] = 0
            total[:] = 0
            for row in range(rows):
                for place in range(TARGETS):
                    total[0, place] += t[row, place]
            there = sums.ctypes.data
            find_fields(t[:padded], turned[r, block], V, there, RUN, sums, tables)
            write_tile(sums, tile, scale, block > 0, d_W[r])
            write_tile(total, tile, scale, block > 0, d_b[r])
            after_phase = now()
            seconds[0] += after_phase - since
            if hidden.shape[1] > 0:
                here = odds[r][first : first + rows]
                draw_tile(fields, tile, first, rows, keys[r], draw, here, hidden[r, block, tile])
                seconds[1] += now() - after_phase
