"""Fields of spins by looking up sums of four couplings instead of multiplying.

Four spins have 16 states. For each group of four units the 16 sums ``+-q0 +-q1 +-q2 +-q3`` are
tabled, for 32 target units side by side; a field then takes one addition per *group*, with the
group's four spins as the index (the "method of the four Russians", Arlazarov, Dinic, Kronrod and
Faradzev 1970). A block of eight groups has tables of 16 KiB, which stay in the first cache while
all rows of a row tile pass by.
"""

from __future__ import annotations

from typing import Any

import llvmlite.ir as ir
import numpy as np

from ebmbench.numerics import I8, I32, I64, Lanes, intrinsic, njit

BITS = 4  # spins of a group
STATES = 1 << BITS
GROUPS = 8  # groups of a block
TARGETS = 32  # units whose fields are found side by side
RUN = 4 * TARGETS  # bytes of a run of fields or couplings
TABLE = STATES * RUN  # bytes of a group's table
NARROW = TARGETS // 2  # units up to which a tile is looked up at half the width
NARROW_RUN, NARROW_TABLE = RUN // 2, TABLE // 2
HALF_PLANE = GROUPS // 2  # units of each of the four planes in which a narrow tile has some
PAGE = 4096  # bytes
APART = 1008  # numbers between tables and fields


def _fill_tables(context, couplings, tables, groups):  # type: ignore[no-untyped-def]
    """Table the 16 sums of each group of four couplings.

    Args:
        couplings: address of 4 * groups runs of 32 int32, one per source unit.
        tables: address of ``groups`` tables of 16 runs; bit i of a state is unit i's spin.
        groups: how many.
    """

    from numba import types
    from numba.core import cgutils

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        couplings, tables, groups = arguments
        lanes = Lanes(builder, 8)
        with cgutils.for_range(builder, groups) as loop:
            source = builder.add(couplings, builder.mul(loop.index, ir.Constant(I64, BITS * RUN)))
            table = builder.add(tables, builder.mul(loop.index, ir.Constant(I64, TABLE)))
            for part in range(0, RUN, 32):
                _fill_part(lanes, source, table, part)
        return context.get_dummy_value()

    return types.void(types.intp, types.intp, types.intp), generate


def _fill_narrow_tables(context, couplings, tables, groups):  # type: ignore[no-untyped-def]
    """``_fill_tables`` of a tile of which only the first half of each plane is used."""

    from numba import types
    from numba.core import cgutils

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        couplings, tables, groups = arguments
        lanes = Lanes(builder, NARROW)
        with cgutils.for_range(builder, groups) as loop:
            source = builder.add(couplings, builder.mul(loop.index, ir.Constant(I64, BITS * RUN)))
            table = builder.add(tables, builder.mul(loop.index, ir.Constant(I64, NARROW_TABLE)))
            runs = [_narrowed(lanes, source, unit * RUN) for unit in range(BITS)]
            for state, total in enumerate(_sums(lanes, runs)):
                lanes.store(total, table, state * NARROW_RUN)
        return context.get_dummy_value()

    return types.void(types.intp, types.intp, types.intp), generate


def _narrow(context, run, out):  # type: ignore[no-untyped-def]
    """The 16 of a run's 32 numbers that stand in the first half of each plane, side by side."""

    from numba import types

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        run, out = arguments
        lanes = Lanes(builder, NARROW)
        lanes.store(_narrowed(lanes, run, 0), out)
        return context.get_dummy_value()

    return types.void(types.intp, types.intp), generate


def _widen(context, narrow, out):  # type: ignore[no-untyped-def]
    """A run of 32 from 16 of ``_narrow``; 0 in the second half of each plane."""

    from numba import types

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        narrow, out = arguments
        lanes = Lanes(builder, NARROW)
        x, nothing = lanes.load(I32, narrow), lanes.constant(I32, 0)
        planes = [range(HALF_PLANE * plane, HALF_PLANE * (plane + 1)) for plane in range(4)]
        order = [lane for plane in planes for lane in (*plane, *[NARROW] * HALF_PLANE)]
        places = ir.Constant(ir.VectorType(I32, TARGETS), order)
        Lanes(builder, TARGETS).store(builder.shuffle_vector(x, nothing, places), out)
        return context.get_dummy_value()

    return types.void(types.intp, types.intp), generate


def _narrowed(lanes: Lanes, run: ir.Value, offset: int) -> ir.Value:
    """The first half of each plane of a run."""
    whole = Lanes(lanes.builder, TARGETS).load(I32, run, offset)
    order = [GROUPS * plane + unit for plane in range(4) for unit in range(HALF_PLANE)]
    places = ir.Constant(ir.VectorType(I32, NARROW), order)
    return lanes.builder.shuffle_vector(whole, ir.Constant(whole.type, ir.Undefined), places)


def _sums(lanes: Lanes, couplings: list[ir.Value]) -> list[ir.Value]:
    """The sums of four couplings with the signs of each of the 16 states."""
    b = lanes.builder
    sums = [lanes.constant(I32, 0)]
    for q in couplings:
        sums[0] = b.sub(sums[0], q)
    for q in couplings:
        sums += [b.add(lower, b.add(q, q)) for lower in sums]
    return sums


def _fill_part(lanes: Lanes, source: ir.Value, table: ir.Value, part: int) -> None:
    """The 16 sums for eight targets."""
    couplings = [lanes.load(I32, source, part + unit * RUN) for unit in range(BITS)]
    for state, total in enumerate(_sums(lanes, couplings)):
        lanes.store(total, table, part + state * RUN)


def _adder(groups: int, targets: int = TARGETS) -> Any:
    """An intrinsic: ``fields`` = ``start`` + the looked-up runs of ``groups`` groups."""
    bytes_of_run = 4 * targets

    def add_looked_up(context, tables, index, start, fields):  # type: ignore[no-untyped-def]
        from numba import types

        def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
            tables, index, start, fields = arguments
            lanes = Lanes(builder, targets)
            total = lanes.load(I32, start)
            for group in range(groups):
                byte = builder.inttoptr(
                    builder.add(index, ir.Constant(I64, group)), I8.as_pointer()
                )
                state = builder.zext(builder.load(byte), I64)
                run = builder.add(tables, builder.mul(state, ir.Constant(I64, bytes_of_run)))
                total = builder.add(total, lanes.load(I32, run, group * STATES * bytes_of_run))
            lanes.store(total, fields)
            return context.get_dummy_value()

        return types.void(*[types.intp] * 4), generate

    return intrinsic(add_looked_up)


def _add_signed(context, couplings, state, start, fields):  # type: ignore[no-untyped-def]
    """``fields`` = ``start`` + four runs of couplings, each with its spin's sign: no table.

    For a handful of rows, for which tables would not pay.
    """

    from numba import types

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        couplings, state, start, fields = arguments
        lanes = Lanes(builder, TARGETS)
        total = lanes.load(I32, start)
        for unit in range(BITS):
            bit = builder.and_(builder.lshr(state, ir.Constant(I64, unit)), ir.Constant(I64, 1))
            flip = lanes.all(builder.trunc(builder.sub(bit, ir.Constant(I64, 1)), I32))
            q = lanes.load(I32, couplings, unit * RUN)
            total = builder.add(total, builder.sub(builder.xor(q, flip), flip))  # flip: -q
        lanes.store(total, fields)
        return context.get_dummy_value()

    return types.void(*[types.intp] * 4), generate


fill_tables: Any = intrinsic(_fill_tables)
add_block: Any = _adder(GROUPS)
add_half_block: Any = _adder(GROUPS // 2)
fill_narrow_tables: Any = intrinsic(_fill_narrow_tables)
add_narrow_block: Any = _adder(GROUPS, NARROW)
add_narrow_half_block: Any = _adder(GROUPS // 2, NARROW)
narrow: Any = intrinsic(_narrow)
widen: Any = intrinsic(_widen)
add_signed: Any = intrinsic(_add_signed)


@njit(nogil=True)
def scratch(rows):  # type: ignore[no-untyped-def]
    """Memory for the fields of ``rows`` rows (rows, 32), and for a block's tables (8, 16, 32).

    Both on whole cache lines, and the fields not at the same place in a page as the tables: a
    load waits for an earlier store to an address that is the same in its last twelve bits.
    """
    tables, fields = GROUPS * STATES * TARGETS, rows * TARGETS
    memory = np.empty(tables + fields + PAGE // 4 + APART, np.int32)
    start = -memory.ctypes.data % PAGE // 4
    end = start + tables
    return (
        memory[end + APART : end + APART + fields].reshape(rows, TARGETS),
        memory[start:end].reshape(GROUPS, STATES, TARGETS),
    )
