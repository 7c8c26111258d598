"""Half a Gibbs step from a layer of few units: what rows that stand alike share is found once.

Late in a training of few visible units most chains stand in the same few v. The fields on h depend
on v only, and the share of all words that turn a spin up on v and the chain's temperature: both are
found once per *distinct* v and temperature, and a chain's own work is to draw words and to compare.

Words come in halves (:func:`ebmbench.numerics.philox.fill_row_in_halves`). A bound says where upper
halves stop turning a spin up, good to an eighth of a half; a half that is next to it does not
decide. Then, once in some hundred draws of 64 units, the lower halves are drawn too, and the spins
are those of :func:`ebmbench.numerics.philox.is_up`, as they are for all other halves.
"""

from __future__ import annotations

from typing import Any

import llvmlite.ir as ir
import numpy as np

from ebmbench.numerics import F32, I8, I16, I32, I64, Lanes, intrinsic, njit, philox
from ebmbench_cpu.draw import PLANE, WIDTH, exp2_of, index_of, words_of
from ebmbench_cpu.half_step import find_erased, find_fields
from ebmbench_cpu.tables import BITS, GROUPS, RUN, TARGETS

HALVES = 2 * WIDTH  # of a word of eight counters
PAIR = 2 * TARGETS  # units that are drawn together
BOUNDS = 2 * PAIR  # bytes of their bounds: four planes of 16 int16
SIGN = -(1 << 15)
SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio, Knuth's multiplier
SLOTS = 4096  # of the hash table: twice the rows of a tile
SHIFT = np.uint64(64 - 12)  # the upper bits of a product say which of them


@njit(nogil=True)
def number_distinct(bits, scale, rows, units, slots, which, first, codes):  # type: ignore[no-untyped-def]
    """How many distinct rows there are, numbered as they come.

    Args:
        bits: (rows, 8) uint8, of one tile.
        scale: (rows,) float32; rows with another one are others.
        units: how many are looked at; padding is of any kind.
        slots: (SLOTS,) int32, scratch.
        which: (rows,) int32, filled with the number of each row.
        first: (rows,) int32, filled with the first row of each number.
        codes: (rows,) uint64, scratch.
    """
    slots[:] = -1
    count = 0
    mask = np.uint64(0)
    for unit in range(units):
        mask |= np.uint64(1) << np.uint64(8 * (unit // BITS) + unit % BITS)
    spins, scales = bits.view(np.uint64), scale.view(np.uint32)
    for row in range(rows):
        code = spins[row, 0] & mask | between(scales[row])
        slot = np.int64(code * SPREAD >> SHIFT)
        while slots[slot] >= 0 and codes[slots[slot]] != code:
            slot = (slot + 1) % SLOTS
        if slots[slot] < 0:
            slots[slot], first[count], codes[count] = count, row, code
            count += 1
        which[row] = slots[slot]
    return count


@njit(inline="always")
def between(word):  # type: ignore[no-untyped-def]
    """The bits of a uint32, four to a byte, in the half of each byte that spins leave free."""
    x = np.uint64(word)
    x = (x | x << np.uint64(16)) & np.uint64(0x0000FFFF0000FFFF)
    x = (x | x << np.uint64(8)) & np.uint64(0x00FF00FF00FF00FF)
    x = (x | x << np.uint64(BITS)) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return x << np.uint64(BITS)


def _fill_bounds(context, fields, bounds, scale):  # type: ignore[no-untyped-def]
    """Where the upper half of a word stops turning a unit up, of the 32 units of a tile.

    2^16 / (1 + 2^-y) for log2-odds y, rounded down with an eighth to spare, its sign bit turned.

    Args:
        fields: address of 32 int32 in four planes.
        bounds: address of four planes of int16, which lie 16 apart.
    """

    from numba import types

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        fields, bounds, scale = arguments
        lanes = Lanes(builder, WIDTH)
        one, most = lanes.constant(F32, 1.0), lanes.constant(F32, 33.0)
        for plane in range(4):
            field = builder.sitofp(lanes.load(I32, fields, PLANE * plane), lanes.of(F32))
            t = builder.fneg(builder.fmul(field, lanes.all(scale)))
            t = builder.select(builder.fcmp_ordered("<", t, most), t, most)
            whole = lanes.constant(F32, 2.0**16)
            share = builder.fdiv(whole, builder.fadd(exp2_of(lanes, t), one))
            bound = builder.fptosi(builder.fsub(share, lanes.constant(F32, 0.125)), lanes.of(I32))
            turned = builder.xor(builder.trunc(bound, lanes.of(I16)), lanes.constant(I16, SIGN))
            lanes.store(turned, bounds, 2 * HALVES * plane)
        return context.get_dummy_value()

    return types.void(types.intp, types.intp, types.float32), generate


def _draw_bounded(context, bounds, out, next_tile, counter, row, step, key, stream):  # type: ignore[no-untyped-def]
    """Draw 64 units of one row by the upper halves of their words; whether any is undecided.

    Args:
        bounds: address of four planes of 16 int16.
        out: address of 8 bytes, the indices of the first tile; the second's are ``next_tile`` on.
        counter, row, step, key, stream: as for ``draw_units``.
    """

    from numba import types

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        bounds, out, next_tile, counter, row, step, low, high = arguments
        lanes, wide, b = Lanes(builder, WIDTH), Lanes(builder, HALVES), builder
        counters = b.add(lanes.all(counter), lanes.count(I64))
        words = words_of(lanes, (counters, lanes.all(row)), step, (low, high))
        index = near = wide.constant(I16, 0)
        for plane, word in enumerate(words):
            half = b.xor(b.bitcast(word, wide.of(I16)), wide.constant(I16, SIGN))
            bound = wide.load(I16, bounds, 2 * HALVES * plane)
            up = b.sext(b.icmp_signed("<", half, bound), wide.of(I16))
            index = b.or_(index, b.and_(up, wide.constant(I16, 1 << plane)))
            above = b.lshr(b.sub(half, bound), wide.constant(I16, 1))
            undecided = b.icmp_unsigned("==", above, wide.constant(I16, 0))
            near = b.or_(near, b.sext(undecided, wide.of(I16)))
        _store_index(wide, b.trunc(index, wide.of(I8)), out, next_tile)
        any_near = b.bitcast(b.trunc(near, wide.of(I8)), ir.IntType(8 * HALVES))
        return b.icmp_unsigned("!=", any_near, ir.Constant(any_near.type, 0))

    return types.boolean(*[types.intp] * 3, *[types.uint64] * 5), generate


def _draw_whole(  # type: ignore[no-untyped-def]
    context, fields, next_fields, out, next_tile, counter, deeper, row, step, key, stream, scale
):
    """Draw 64 units of one row by whole words from their fields.

    Args:
        fields, next_fields: addresses of the 32 fields of either tile, in four planes.
        deeper: counter of the lower halves.
    """

    from numba import types

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        fields, next_fields, out, next_tile, counter, deeper, row, step, low, high, scale = (
            arguments
        )
        lanes, wide, b = Lanes(builder, WIDTH), Lanes(builder, HALVES), builder
        halves = []
        for start in (counter, deeper):
            counters = b.add(lanes.all(start), lanes.count(I64))
            found = words_of(lanes, (counters, lanes.all(row)), step, (low, high))
            halves.append([b.zext(b.bitcast(word, wide.of(I16)), wide.of(I32)) for word in found])
        shift = wide.constant(I32, 16)
        words = [b.or_(b.shl(upper, shift), lower) for upper, lower in zip(*halves, strict=True)]
        both = ir.Constant(ir.VectorType(I32, HALVES), list(range(HALVES)))
        planes = [
            b.shuffle_vector(
                lanes.load(I32, fields, PLANE * plane),
                lanes.load(I32, next_fields, PLANE * plane),
                both,
            )
            for plane in range(4)
        ]
        index = b.trunc(index_of(wide, planes, words, wide.all(scale)), wide.of(I8))
        _store_index(wide, index, out, next_tile)
        return context.get_dummy_value()

    return types.void(*[types.intp] * 4, *[types.uint64] * 6, types.float32), generate


def _store_index(wide: Lanes, index: ir.Value, out: ir.Value, next_tile: ir.Value) -> None:
    """Eight bytes of an index for the first tile, and eight for the second."""
    b = wide.builder
    tiles = b.bitcast(index, ir.VectorType(I64, 2))
    for tile, there in enumerate((out, b.add(out, next_tile))):
        word = b.extract_element(tiles, ir.Constant(I32, tile))
        b.store(word, b.inttoptr(there, I64.as_pointer()), align=1)


fill_bounds: Any = intrinsic(_fill_bounds)
draw_bounded: Any = intrinsic(_draw_bounded)
draw_whole: Any = intrinsic(_draw_whole)


@njit(nogil=True)
def draw_pair(  # type: ignore[no-untyped-def]
    fields, next_fields, count, which, first_of, pair, first, rows, key, step, scale, out, bounds
):
    """Draw two tiles of targets, whose fields are those of ``count`` distinct rows.

    Args:
        fields, next_fields: (count, 32) int32, of either tile.
        which: (rows,) int32, the number of each row; first_of: (count,), the first row of each.
        scale: (rows,) float32, what turns fields into log2-odds.
        out: (2, rows, 8) uint8, the two tiles.
        bounds: (count, 4, 16) int16, scratch.
    """
    low, high = np.uint64(key & np.uint64(0xFFFFFFFF)), np.uint64(key >> np.uint64(32))
    bound, field, next_field = bounds.ctypes.data, fields.ctypes.data, next_fields.ctypes.data
    for number in range(count):
        odds, bounds_here = scale[first_of[number]], bound + number * BOUNDS
        fill_bounds(field + number * RUN, bounds_here, odds)
        fill_bounds(next_field + number * RUN, bounds_here + 2 * WIDTH, odds)
    upper = np.uint64(pair * WIDTH)
    lower = np.uint64(pair * WIDTH + philox.LOWER_HALVES)
    target, next_tile = out[0].ctypes.data, out[1].ctypes.data - out[0].ctypes.data
    for row in range(rows):
        here, place, number = target + row * GROUPS, np.uint64(first + row), which[row]
        if draw_bounded(
            bound + number * BOUNDS, here, next_tile, upper, place, np.uint64(step), low, high
        ):
            draw_whole(
                field + number * RUN, next_field + number * RUN, here, next_tile, upper, lower,
                place, np.uint64(step), low, high, scale[row],
            )  # fmt: skip


@njit(nogil=True)
def half_step_shared(  # type: ignore[no-untyped-def]
    couplings, bias, bits, units, first, rows, key, step, scale, out, fields, tables, shared
):
    """``half_step`` from one tile of sources; ``out`` has an even number of tiles.

    Args:
        units: how many sources there are.
        fields: (2 rows, 32) int32, scratch for two tiles.
        shared: what :func:`sharing` makes.
    """
    slots, which, first_of, codes, bounds, distinct = shared
    count = number_distinct(bits[0], scale, rows, units, slots, which, first_of, codes)
    for number in range(count):
        distinct[0, number] = bits[0, first_of[number]]
    half = len(fields) // 2
    for pair in range(len(out) // 2):
        for tile in range(2 * pair, min(2 * pair + 2, len(couplings))):
            here = fields[:half] if tile % 2 == 0 else fields[half:]
            find_fields(couplings[tile], distinct, count, bias[tile].ctypes.data, 0, here, tables)
        draw_pair(
            fields[:half], fields[half:], count, which, first_of, pair, first, rows, key, step,
            scale, out[2 * pair : 2 * pair + 2], bounds,
        )  # fmt: skip


@njit(nogil=True)
def half_step_erased_in_halves(  # type: ignore[no-untyped-def]
    couplings, bias, upper, lower, first, rows, key, step, scale, out, fields, tables, shared
):
    """The same from units of which some are 0, of which nothing is shared."""
    _, which, _, _, bounds, _ = shared
    which[:rows] = np.arange(rows)
    half = len(fields) // 2
    for pair in range(len(out) // 2):
        for tile in range(2 * pair, min(2 * pair + 2, len(couplings))):
            here = fields[:half] if tile % 2 == 0 else fields[half:]
            find_erased(couplings[tile], bias[tile], upper, lower, rows, here, tables)
        draw_pair(
            fields[:half], fields[half:], rows, which, which, pair, first, rows, key, step,
            scale, out[2 * pair : 2 * pair + 2], bounds,
        )  # fmt: skip


@njit(nogil=True)
def sharing(size):  # type: ignore[no-untyped-def]
    """Scratch for ``half_step_shared`` of ``size`` rows."""
    return (
        np.empty(SLOTS, np.int32),
        np.empty(size, np.int32),
        np.empty(size, np.int32),
        np.empty(size, np.uint64),
        np.empty((size, 4, HALVES), np.int16),
        np.empty((1, size, GROUPS), np.uint8),
    )
