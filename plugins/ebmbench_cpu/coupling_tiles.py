"""Couplings in fixed point, laid out in tiles for the draws of both layers, in one pass over W.

The places of a tile are those of :mod:`ebmbench_cpu.packing`. A row of W gives runs of the tiles of
h as it is. The tiles of v have its columns as rows: blocks of eight rows by eight columns are
turned in registers, and the eight rows are those whose places are neighbours.
"""

from __future__ import annotations

from typing import Any

import llvmlite.ir as ir
import numpy as np

from ebmbench.numerics import F32, I32, I64, Lanes, intrinsic, kept, njit
from ebmbench_cpu.tables import BITS, GROUPS, RUN, TARGETS

PLACES = range(TARGETS)


def _fixed_point(lanes: Lanes, numbers: ir.Value, per_one: ir.Value) -> ir.Value:
    """Float32 numbers in units of 1 / ``per_one``, to the nearest int32."""
    scaled = lanes.builder.fmul(numbers, lanes.all(per_one))
    return lanes.builder.fptosi(lanes.rounded(scaled), lanes.of(I32))


def _pack_run(context, numbers, per_one, out):  # type: ignore[no-untyped-def]
    """32 neighbours of a row, rounded to fixed point, in the order of the draw."""

    from numba import types

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        numbers, per_one, out = arguments
        lanes = Lanes(builder, TARGETS)
        units = _fixed_point(lanes, lanes.load(F32, numbers), per_one)
        lanes.store(lanes.shuffled(units, [BITS * (p % GROUPS) + p // GROUPS for p in PLACES]), out)
        return context.get_dummy_value()

    return types.void(types.intp, types.float32, types.intp), generate


def _pack_turned(context, numbers, stride, per_one, out):  # type: ignore[no-untyped-def]
    """A block of eight by eight, rounded to fixed point and turned.

    Args:
        numbers: address of eight float32; seven more rows follow, ``stride`` bytes apart.
        out: address of the first of eight runs, at the places of these rows.
    """

    from numba import types

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        numbers, stride, per_one, out = arguments
        lanes = Lanes(builder, GROUPS)
        at = [builder.add(numbers, builder.mul(stride, ir.Constant(I64, i))) for i in range(GROUPS)]
        rows = [_fixed_point(lanes, lanes.load(F32, row), per_one) for row in at]
        for index, column in enumerate(lanes.turned(rows)):
            lanes.store(column, out, index * RUN)
        return context.get_dummy_value()

    return types.void(types.intp, types.intp, types.float32, types.intp), generate


pack_run: Any = intrinsic(_pack_run)
pack_turned: Any = intrinsic(_pack_turned)


@kept
@njit(nogil=True)
def pack_couplings(  # type: ignore[no-untyped-def]
    W, a, b, per_one, to_hidden, hidden_bias, to_visible, visible_bias, start, stop
):
    """Round couplings to fixed point, in tiles, for tiles of v from ``start`` to ``stop``.

    They are counted through all replicas; whoever has a replica's first does its biases too.

    Args:
        W, a, b: (R, V, H), (R, V) and (R, H) float32.
        per_one: (R,) float32.
        to_hidden: (R, tiles of h, V, 32) int32; V and H are padded to whole half tiles.
        to_visible: (R, tiles of v, H, 32) int32.
        hidden_bias, visible_bias: (R, tiles, 32) int32. All four hold 0 before, in the padding.
    """
    V = W.shape[1]
    tiles = (V + TARGETS - 1) // TARGETS
    for index in range(start, stop):
        r, tile = index // tiles, index % tiles
        if tile == 0:
            pack_targets(a[r], per_one[r], visible_bias[r])
            pack_targets(b[r], per_one[r], hidden_bias[r])
        first = tile * TARGETS
        rows = W[r, first : min(V, first + TARGETS)]
        for unit in range(len(rows)):
            pack_targets(rows[unit], per_one[r], to_hidden[r, :, first + unit])
        pack_columns(rows, per_one[r], to_visible[r, tile])


@njit(nogil=True)
def pack_targets(numbers, per_one, runs):  # type: ignore[no-untyped-def]
    """Pack ``numbers`` (targets,) float32 into ``runs`` (tiles, 32)."""
    targets = len(numbers)
    whole = targets // TARGETS
    for tile in range(whole):
        pack_run(numbers[tile * TARGETS :].ctypes.data, per_one, runs[tile].ctypes.data)
    for target in range(whole * TARGETS, targets):
        runs[whole, place_of(target % TARGETS)] = np.int32(np.rint(numbers[target] * per_one))


@njit(nogil=True)
def pack_columns(rows, per_one, runs):  # type: ignore[no-untyped-def]
    """Pack the columns of ``rows`` (up to 32, sources) float32 into ``runs`` (sources, 32)."""
    units, sources = rows.shape
    whole = sources // GROUPS * GROUPS if units == TARGETS else 0
    for source in range(0, whole, GROUPS):
        for unit in range(BITS):
            there = runs[source, GROUPS * unit :].ctypes.data
            pack_turned(rows[unit, source:].ctypes.data, BITS * rows.strides[0], per_one, there)
    for unit in range(units):
        row, place = rows[unit], place_of(unit)
        for source in range(whole, sources):
            runs[source, place] = np.int32(np.rint(row[source] * per_one))


@njit(nogil=True)
def place_of(unit):  # type: ignore[no-untyped-def]
    """Where a unit of a tile stands in the order of the draw."""
    return unit // BITS + GROUPS * (unit % BITS)
