"""k Gibbs steps of a model made of patterns of any numbers, without forming its weights.

The fields are those of :class:`ebmbench.numerics.FactoredFixedPoint`: first the overlaps of each
row with the patterns of its own layer, looked up as any fields are; then their sum over the other
layer's patterns, in vector registers.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import llvmlite.ir as ir
import numpy as np
from numpy.typing import NDArray

from ebmbench.numerics import (
    F32,
    I32,
    Lanes,
    add_products,
    cut,
    in_parallel,
    intrinsic,
    kept,
    njit,
    thread_count,
)
from ebmbench_cpu.coupling_tiles import pack_couplings
from ebmbench_cpu.draw import draw_units_of_floats
from ebmbench_cpu.half_step import find_erased, find_fields
from ebmbench_cpu.packing import ERASED, OTHER, pack_rows, tiles_of, unpack_rows
from ebmbench_cpu.tables import BITS, GROUPS, RUN, TARGETS, scratch

PIECE = 1 << 16  # numbers of patterns below which a second thread does not pay
HALF_RUN = RUN // 2


class PackedFactors(NamedTuple):
    """The patterns on one layer, as what is looked up and as what is multiplied.

    Attributes:
        lookup: (R, tiles of patterns, units with padding, 32) int32.
        numbers: (R, tiles of units, patterns with padding, 32) float32, in the order of the draw.
    """

    lookup: NDArray[np.int32]
    numbers: NDArray[np.float32]


def pack_factors(
    xi: NDArray[np.float32], per_one: NDArray[np.float32], layers: tuple[NDArray[np.int32], ...]
) -> PackedFactors:
    """Patterns (R, K, units) in fixed point, ``per_one`` (R,) units for 1.

    Args:
        layers: memory of couplings from K units to ``units``, see ``Memory.packed``.
    """
    R, K, units = xi.shape
    to_units, _, to_patterns, _ = layers
    biases = np.zeros((R, K), np.float32), np.zeros((R, units), np.float32)
    parts = cut(R * tiles_of(K), min(thread_count(), 1 + xi.size // PIECE))
    packing = partial(pack_couplings, xi, *biases, per_one, *layers)
    in_parallel([partial(packing, part.start, part.stop) for part in parts])
    numbers = to_units.view(np.float32)
    np.copyto(numbers, to_units, casting="unsafe")  # in place: each is below 2^24
    return PackedFactors(to_patterns, numbers)


def _put_overlaps(context, fields, out):  # type: ignore[no-untyped-def]
    """A run of 32 int32 in the order of the draw as float32 in that of the units."""

    from numba import types

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        fields, out = arguments
        lanes = Lanes(builder, TARGETS)
        places = [unit // BITS + GROUPS * (unit % BITS) for unit in range(TARGETS)]
        run = lanes.shuffled(lanes.load(I32, fields), places)
        lanes.store(builder.sitofp(run, ir.VectorType(F32, TARGETS)), out)
        return context.get_dummy_value()

    return types.void(types.intp, types.intp), generate


put_overlaps: Any = intrinsic(_put_overlaps)


@njit(nogil=True)
def find_overlaps(lookup, bits, rows, overlaps, fields, tables):  # type: ignore[no-untyped-def]
    """Overlaps of rows with patterns, (rows, patterns with padding) float32.

    Args:
        lookup: (tiles of patterns, sources, 32) int32.
        bits: (tiles of sources, rows, 8) uint8.
        fields: (rows, 32) int32, tables: scratch.
    """
    nothing = np.zeros(TARGETS, np.int32)
    for tile in range(len(lookup)):
        find_fields(lookup[tile], bits, rows, nothing.ctypes.data, 0, fields, tables)
        put_tile(fields, tile, rows, overlaps)


@njit(nogil=True)
def find_overlaps_erased(lookup, upper, lower, rows, overlaps, fields, tables):  # type: ignore[no-untyped-def]
    """The same of units of which some are 0, see ``find_erased``."""
    nothing = np.zeros(TARGETS, np.int32)
    for tile in range(len(lookup)):
        find_erased(lookup[tile], nothing, upper, lower, rows, fields, tables)
        put_tile(fields, tile, rows, overlaps)


@njit(nogil=True)
def put_tile(fields, tile, rows, overlaps):  # type: ignore[no-untyped-def]
    """Put a tile of overlaps to their place."""
    for row in range(rows):
        there = overlaps[row, tile * TARGETS :].ctypes.data
        put_overlaps(fields[row].ctypes.data, there)


@njit(nogil=True)
def draw_from_overlaps(overlaps, numbers, K, first, rows, key, step, scale, out, sums):  # type: ignore[no-untyped-def]
    """Draw a layer of rows ``first``, ... from their overlaps with the other layer's patterns.

    Args:
        overlaps: (rows, K and padding) float32.
        numbers: (tiles, K and padding, 32) float32, the drawn layer's patterns.
        scale: (rows,) float32, what turns fields into log2-odds.
        out: (tiles, rows, 8) uint8, the layer that is drawn.
        sums: (rows, 32) float32, scratch.
    """
    low, high = np.uint64(key & np.uint64(0xFFFFFFFF)), np.uint64(key >> np.uint64(32))
    a, row_bytes, c = overlaps.ctypes.data, overlaps.strides[0], sums.ctypes.data
    for tile in range(len(numbers)):
        b = numbers[tile].ctypes.data
        sums[:rows] = 0.0
        add_products(a, rows, row_bytes, 4, b, RUN, K, c, RUN)
        add_products(a, rows, row_bytes, 4, b + HALF_RUN, RUN, K, c + HALF_RUN, RUN)
        for row in range(rows):
            draw_units_of_floats(
                c + row * RUN,
                out[tile, row].ctypes.data,
                np.uint64(tile * GROUPS),
                np.uint64(first + row),
                np.uint64(step),
                low,
                high,
                scale[row],
            )


@kept
@njit(nogil=True)
def sweep_factors(  # type: ignore[no-untyped-def]
    v_lookup, v_numbers, h_lookup, h_numbers, K, H, keys, scale, step, k, kind, v, begun, out_v,
    out_h, size, start, stop,
):  # fmt: skip
    """Sweep the row tiles ``start`` to ``stop``: ``sweep_tiles`` for patterns of any numbers.

    Args:
        v_lookup, v_numbers, h_lookup, h_numbers: the :class:`PackedFactors` of both layers.
        K: patterns.
        begun: overlaps of v with the visible patterns where v is OTHER, (R, N, K), else anything.
        H: hidden units; ``out_h`` (R, N, ...) is told of the first of them only.
    """
    _, N, V = v.shape
    visible = np.empty(((V + TARGETS - 1) // TARGETS, size, GROUPS), np.uint8)
    lower = np.empty_like(visible)
    hidden = np.empty(((H + TARGETS - 1) // TARGETS, size, GROUPS), np.uint8)
    overlaps = np.empty((size, v_lookup.shape[1] * TARGETS), np.float32)
    fields, tables = scratch(size)
    sums = fields.view(np.float32)
    per_replica = (N + size - 1) // size
    for tile in range(start, stop):
        r, first = tile // per_replica, tile % per_replica * size
        rows = min(size, N - first)
        odds = scale[r][first : first + rows]
        pack_rows(v[r], first, rows, -0.5, visible)  # erased units are up
        for turn in range(k):
            draw = step + 2 * turn
            if turn == 0 and kind == OTHER:
                overlaps[:rows, :K] = begun[r, first : first + rows]
            elif turn == 0 and kind == ERASED:
                pack_rows(v[r], first, rows, 0.5, lower)
                find_overlaps_erased(v_lookup[r], visible, lower, rows, overlaps, fields, tables)
            else:
                find_overlaps(v_lookup[r], visible, rows, overlaps, fields, tables)
            draw_from_overlaps(
                overlaps, h_numbers[r], K, first, rows, keys[r], draw, odds, hidden, sums
            )
            find_overlaps(h_lookup[r], hidden, rows, overlaps, fields, tables)
            draw_from_overlaps(
                overlaps, v_numbers[r], K, first, rows, keys[r], draw + 1, odds, visible, sums
            )
        unpack_rows(visible, first, rows, out_v[r])
        unpack_rows(hidden, first, rows, out_h[r])
