"""Half a Gibbs step of a row tile: from the bits of one layer to the bits of the other."""

from __future__ import annotations

import numpy as np

from ebmbench.numerics import njit
from ebmbench_cpu.draw import draw_units
from ebmbench_cpu.tables import (
    BITS,
    GROUPS,
    NARROW,
    NARROW_RUN,
    RUN,
    TARGETS,
    add_block,
    add_half_block,
    add_narrow_block,
    add_narrow_half_block,
    add_signed,
    fill_narrow_tables,
    fill_tables,
    narrow,
    widen,
)

FEW = 4  # rows below which adding couplings one by one beats filling tables


@njit(nogil=True)
def find_fields(couplings, bits, rows, start, stride, fields, tables):  # type: ignore[no-untyped-def]
    """The fields that the sources' ``bits`` make on one tile of targets.

    Args:
        couplings: (sources, 32) int32, of that tile.
        bits: (tiles of sources, rows, 8) uint8.
        rows: how many rows of the row tile are there.
        start: address of what is added to: a run of 32 biases, or fields found before.
        stride: bytes from one row's start to the next; 0 where all share it.
        fields: (rows, 32) int32, filled.
        tables: (8, 16, 32) int32, scratch.
    """
    groups = len(couplings) // BITS
    for block in range((groups + GROUPS - 1) // GROUPS):
        here = min(GROUPS, groups - GROUPS * block)
        runs = couplings[block * TARGETS :].ctypes.data
        index = bits[block].ctypes.data
        if rows < FEW:
            add_one_by_one(runs, bits[block], rows, here, start, stride, fields)
        else:
            add_from_tables(runs, index, rows, here, start, stride, fields, tables)
        start, stride = fields.ctypes.data, RUN


@njit(nogil=True)
def add_one_by_one(runs, bits, rows, groups, start, stride, fields):  # type: ignore[no-untyped-def]
    """Add a block's couplings to each row's field, group by group."""
    for row in range(rows):
        field, origin = fields[row].ctypes.data, start + row * stride
        for group in range(groups):
            add_signed(runs + group * BITS * RUN, np.uint64(bits[row, group]), origin, field)
            origin = field


@njit(nogil=True)
def add_from_tables(runs, index, rows, groups, start, stride, fields, tables):  # type: ignore[no-untyped-def]
    """Add a block's couplings to each row's field, a whole or half a block at a time."""
    table, field = tables.ctypes.data, fields.ctypes.data
    fill_tables(runs, table, groups)
    if groups > GROUPS // 2:
        for row in range(rows):
            add_block(table, index + row * GROUPS, start + row * stride, field + row * RUN)
    else:
        for row in range(rows):
            add_half_block(table, index + row * GROUPS, start + row * stride, field + row * RUN)


@njit(nogil=True)
def find_narrow_fields(couplings, bits, rows, bias, fields, tables):  # type: ignore[no-untyped-def]
    """``find_fields`` on a tile that has at most 16 targets: look-ups of half the width.

    They are summed up side by side at the start of ``fields``, and widened from the last row on.
    """
    groups, run = len(couplings) // BITS, np.empty(NARROW, np.int32)
    narrow(bias.ctypes.data, run.ctypes.data)
    table, field = tables.ctypes.data, fields.ctypes.data
    start, stride = run.ctypes.data, 0
    for block in range((groups + GROUPS - 1) // GROUPS):
        here = min(GROUPS, groups - GROUPS * block)
        index = bits[block].ctypes.data
        fill_narrow_tables(couplings[block * TARGETS :].ctypes.data, table, here)
        for row in range(rows):
            origin, sums = start + row * stride, field + row * NARROW_RUN
            if here > GROUPS // 2:
                add_narrow_block(table, index + row * GROUPS, origin, sums)
            else:
                add_narrow_half_block(table, index + row * GROUPS, origin, sums)
        start, stride = field, NARROW_RUN
    for row in range(rows - 1, -1, -1):
        widen(field + row * NARROW_RUN, field + row * RUN)


@njit(nogil=True)
def draw_tile(fields, tile, first, rows, key, step, scale, bits):  # type: ignore[no-untyped-def]
    """Draw one tile of targets from ``fields`` (rows, 32) into ``bits`` (rows, 8).

    ``scale`` (rows,) turns the fields of each row into log2-odds.
    """
    low, high = np.uint64(key & np.uint64(0xFFFFFFFF)), np.uint64(key >> np.uint64(32))
    field, out = fields.ctypes.data, bits.ctypes.data
    for row in range(rows):
        draw_units(
            field + row * RUN,
            out + row * GROUPS,
            np.uint64(tile * GROUPS),
            np.uint64(first + row),
            np.uint64(step),
            low,
            high,
            scale[row],
        )


@njit(nogil=True)
def half_step(  # type: ignore[no-untyped-def]
    couplings, bias, bits, targets, first, rows, key, step, scale, out, fields, tables
):
    """Draw one layer of rows ``first``, ... given the other's ``bits``.

    Args:
        targets: units of the layer.
        couplings: (tiles, sources, 32); bias: (tiles, 32); both of one replica.
        out: (tiles, rows, 8) uint8, the layer that is drawn.
    """
    for tile in range(len(couplings)):
        draw_targets(
            couplings[tile], bias[tile], bits, targets, tile, first, rows, key, step, scale,
            out[tile], fields, tables,
        )  # fmt: skip


@njit(nogil=True)
def draw_targets(  # type: ignore[no-untyped-def]
    couplings, bias, bits, targets, tile, first, rows, key, step, scale, out, fields, tables
):
    """Draw one tile of a layer: ``couplings`` (sources, 32), ``bias`` (32,), ``out`` (rows, 8)."""
    if targets - tile * TARGETS > NARROW or rows < FEW:
        find_fields(couplings, bits, rows, bias.ctypes.data, 0, fields, tables)
    else:
        find_narrow_fields(couplings, bits, rows, bias, fields, tables)
    draw_tile(fields, tile, first, rows, key, step, scale, out)


@njit(nogil=True)
def half_step_erased(  # type: ignore[no-untyped-def]
    couplings, bias, upper, lower, first, rows, key, step, scale, out, fields, tables
):
    """``half_step`` from units of which some are 0."""
    for tile in range(len(couplings)):
        find_erased(couplings[tile], bias[tile], upper, lower, rows, fields, tables)
        draw_tile(fields, tile, first, rows, key, step, scale, out[tile])


@njit(nogil=True)
def find_erased(couplings, bias, upper, lower, rows, fields, tables):  # type: ignore[no-untyped-def]
    """``find_fields`` of units of which some are 0: half the sum of two fields.

    ``upper`` has the erased units at +1 and ``lower`` at -1, so that they cancel.
    """
    fields[:rows] = 2 * bias
    for bits in (upper, lower):
        find_fields(couplings, bits, rows, fields.ctypes.data, RUN, fields, tables)
    fields[:rows] >>= 1
