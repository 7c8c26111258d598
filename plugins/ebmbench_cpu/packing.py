"""How couplings and configurations lie in memory for the half step.

Units are cut into tiles of 32. A tile's 32 *target* units stand in the order of the draw, four
planes of eight: place ``8 i + g`` is unit ``4 g + i``. A tile's 32 *source* units are eight groups
of four neighbours, and a group's four spins are the bits of one byte. So the bytes that a half
step draws are the indices that the next one looks up.

    couplings   (R, tiles, sources, 32) int32, sources padded with 0 to whole half tiles
    bias        (R, tiles, 32) int32
    bits        (tiles, rows, 8) uint8
"""

from __future__ import annotations

from typing import Any

import llvmlite.ir as ir
import numpy as np
from torch import Tensor

from ebmbench.numerics import F32, I8, I32, I64, Lanes, intrinsic, kept, njit
from ebmbench_cpu.tables import BITS, GROUPS, TARGETS

SPINS, ERASED, OTHER = 0, 1, 2  # what chains start at
SIGNS = np.array(
    [[1.0 if state >> bit & 1 else -1.0 for bit in range(BITS)] for state in range(1 << BITS)],
    np.float32,
)


def tiles_of(units: int) -> int:
    """How many tiles hold so many units."""
    return -(-units // TARGETS)


def sources_of(units: int) -> int:
    """So many source units, in whole half tiles."""
    return -(-units // (TARGETS // 2)) * (TARGETS // 2)


def _pack_tile(context, spins, floor, out):  # type: ignore[no-untyped-def]
    """The bytes of 32 spins: a bit is set where the float32 is above ``floor``."""

    from numba import types

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        spins, floor, out = arguments
        row, groups = Lanes(builder, TARGETS), Lanes(builder, GROUPS)
        above = builder.fcmp_ordered(">", row.load(F32, spins), row.all(floor))
        bits = groups.all(builder.bitcast(above, I32))
        index = builder.and_(builder.lshr(bits, groups.count(I32, BITS)), groups.constant(I32, 15))
        groups.store(builder.trunc(index, groups.of(I8)), out)
        return context.get_dummy_value()

    return types.void(types.intp, types.float32, types.intp), generate


pack_tile: Any = intrinsic(_pack_tile)


@njit(nogil=True)
def pack_rows(v, first, rows, floor, bits):  # type: ignore[no-untyped-def]
    """The bits of rows ``first``, ... of v (N, units) float32; padding units are down."""
    units = v.shape[1]
    last = np.full(TARGETS, -1.0, np.float32)
    for row in range(rows):
        for tile in range(len(bits)):
            start = tile * TARGETS
            source = v[first + row, start:].ctypes.data
            if start + TARGETS > units:
                last[: units - start] = v[first + row, start:]
                source = last.ctypes.data
            pack_tile(source, np.float32(floor), bits[tile, row].ctypes.data)


def _turn_tile(context, bits, out):  # type: ignore[no-untyped-def]
    """The bytes of 32 rows of 32 spins to those of 32 columns.

    Args:
        bits, out: addresses of 32 times 8 bytes.
    """

    from numba import types

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        bits, out = arguments
        lanes = Lanes(builder, TARGETS)
        rows = builder.trunc(_closed_up(lanes, lanes.load(I64, bits)), lanes.of(I32))
        for unit in range(TARGETS):
            ups = builder.and_(rows, lanes.constant(I32, 1 << unit))
            column = builder.bitcast(builder.icmp_signed("!=", ups, lanes.constant(I32, 0)), I32)
            one = Lanes(builder, 1)
            apart = _spread_out(one, one.all(builder.zext(column, I64)))
            one.store(apart, out, BITS * 2 * unit)
        return context.get_dummy_value()

    return types.void(types.intp, types.intp), generate


STAGES = ((4, 0x00FF00FF00FF00FF), (8, 0x0000FFFF0000FFFF), (16, 0x00000000FFFFFFFF))
HALF_BYTES = 0x0F0F0F0F0F0F0F0F


def _closed_up(lanes: Lanes, x: ir.Value) -> ir.Value:
    """The lower halves of eight bytes, side by side in the lower half of an int64."""
    for shift, mask in STAGES:
        moved = lanes.builder.lshr(x, lanes.constant(I64, shift))
        x = lanes.builder.and_(lanes.builder.or_(x, moved), lanes.constant(I64, mask))
    return x


def _spread_out(lanes: Lanes, x: ir.Value) -> ir.Value:
    """The other way."""
    masks = [mask for _, mask in STAGES[1::-1]] + [HALF_BYTES]
    for shift, mask in zip((16, 8, 4), masks, strict=True):
        moved = lanes.builder.shl(x, lanes.constant(I64, shift))
        x = lanes.builder.and_(lanes.builder.or_(x, moved), lanes.constant(I64, mask))
    return x


turn_tile: Any = intrinsic(_turn_tile)


@njit(nogil=True)
def turn_rows(bits, first, turned):  # type: ignore[no-untyped-def]
    """The bytes of 32 rows, of which each tile's begin at ``first``, with rows as sources.

    Args:
        bits: (tiles, rows, 8) uint8.
        turned: (units, 8) uint8, filled.
    """
    units = len(turned)
    whole = units // TARGETS
    for tile in range(whole):
        turn_tile(bits[tile, first].ctypes.data, turned[tile * TARGETS :].ctypes.data)
    if whole < len(bits):
        last = np.empty((TARGETS, GROUPS), np.uint8)
        turn_tile(bits[whole, first].ctypes.data, last.ctypes.data)
        turned[whole * TARGETS :] = last[: units - whole * TARGETS]


@njit(nogil=True)
def unpack_rows(bits, first, rows, out):  # type: ignore[no-untyped-def]
    """Spins of ``bits`` as float32, into rows ``first``, ... of ``out`` (N, units)."""
    units = out.shape[1]
    whole = units // BITS
    for row in range(rows):
        spins = out[first + row]
        for group in range(whole):
            signs = SIGNS[bits[group // GROUPS, row, group % GROUPS]]
            for bit in range(BITS):
                spins[BITS * group + bit] = signs[bit]
        for unit in range(BITS * whole, units):
            spins[unit] = SIGNS[bits[whole // GROUPS, row, whole % GROUPS], unit % BITS]


def are_spins(v: Tensor) -> bool:
    """Whether all units are +1 or -1; nothing is compiled for it, as plans ask too.

    By numpy: torch's operations on a small batch take longer than the update that asks.
    """
    if v.device.type != "cpu":
        return bool((v.abs() == 1).all())
    return bool((np.abs(v.detach().numpy()) == 1).all())


@kept
@njit(nogil=True)
def spins_or_erased(v):  # type: ignore[no-untyped-def]
    """SPINS where all of v (R, N, V) are, ERASED where some are 0 instead, else OTHER."""
    flat = v.reshape(-1)
    no_spin, erased = 0, 0
    for index in range(len(flat)):
        no_spin += abs(flat[index]) != 1.0
        erased += flat[index] == 0.0
    if no_spin == 0:
        return SPINS
    return ERASED if no_spin == erased else OTHER
