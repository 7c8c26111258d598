"""A draw of 32 spins from their fields: Philox and the comparison, all in registers.

The same words and the same spins as :mod:`ebmbench.numerics.philox`, four planes of eight lanes at
a time: plane i holds the units 4g + i, lane by lane, and takes word i of the counters. So the four
words of one counter go to four neighbouring units, whose spins become the four bits of one index.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import llvmlite.ir as ir

from ebmbench.numerics import F32, I8, I32, I64, Lanes, intrinsic, philox

WIDTH = 8  # counters side by side
PLANE = 4 * WIDTH  # bytes from a plane of fields to the next


def _unit_drawer(kind: ir.Type) -> Any:
    """An intrinsic that draws a run of units whose fields are of this kind of number."""

    def draw_units(context, fields, out, counter, row, step, key, stream, scale):  # type: ignore[no-untyped-def]
        """Draw the 32 units of counters ``counter``, ... + 7 in one row.

        Args:
            fields: address of 32 fields in four planes.
            out: address of 8 bytes, the indices of the eight counters.
            counter, row, step: where in the stream the words are.
            key, stream: the low and the high half of the replica's key.
            scale: turns a field into log2-odds, float32.
        """

        def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
            fields, out, counter, row, step, low, high, scale = arguments
            lanes = Lanes(builder, WIDTH)
            counters = builder.add(lanes.all(counter), lanes.count(I64))
            words = words_of(lanes, (counters, lanes.all(row)), step, (low, high))
            planes = [lanes.load(kind, fields, PLANE * plane) for plane in range(4)]
            index = index_of(lanes, planes, words, lanes.all(scale))
            lanes.store(builder.trunc(index, lanes.of(I8)), out)
            return context.get_dummy_value()

        from numba import types

        return _arguments(types.float32), generate

    return intrinsic(draw_units)


def _draw_rows(context, fields, out, counter, row, step, key, stream, scale):  # type: ignore[no-untyped-def]
    """Draw the 4 units of one counter in the rows ``row``, ... + 7.

    As ``draw_units``, but ``fields`` are four runs of 32 rows, of which the first eight are
    drawn, ``scale`` is the address of one for each of them, and the indices go to every eighth byte
    of ``out``.
    """

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        fields, out, counter, row, step, low, high, scale = arguments
        lanes = Lanes(builder, WIDTH)
        rows = builder.add(lanes.all(row), lanes.count(I64))
        words = words_of(lanes, (lanes.all(counter), rows), step, (low, high))
        planes = [lanes.load(I32, fields, 4 * PLANE * plane) for plane in range(4)]
        scales = lanes.load(F32, scale)
        index = builder.trunc(index_of(lanes, planes, words, scales), lanes.of(I8))
        for lane in range(WIDTH):
            byte = builder.extract_element(index, ir.Constant(I32, lane))
            there = builder.add(out, ir.Constant(I64, 8 * lane))
            builder.store(byte, builder.inttoptr(there, I8.as_pointer()))
        return context.get_dummy_value()

    from numba import types

    return _arguments(types.intp), generate


def _arguments(scale: Any) -> Any:
    """The types of what is drawn from."""
    from numba import types

    return types.void(*[types.intp] * 2, *[types.uint64] * 5, scale)


draw_units: Any = _unit_drawer(I32)
draw_units_of_floats: Any = _unit_drawer(F32)
draw_rows: Any = intrinsic(_draw_rows)


def words_of(
    lanes: Lanes, counter: tuple[ir.Value, ir.Value], step: ir.Value, key: tuple[ir.Value, ir.Value]
) -> list[ir.Value]:
    """The four words of each counter (column // 4, row, step, step >> 32), int32."""
    b = lanes.builder
    half, low = lanes.constant(I64, 32), lanes.constant(I64, 0xFFFFFFFF)
    multipliers = [lanes.constant(I64, int(m)) for m in (philox.MULTIPLIER_0, philox.MULTIPLIER_1)]
    c0, c1 = counter
    c2 = lanes.all(step)
    c3 = b.lshr(c2, half)
    for turn in range(philox.ROUNDS):
        k0, k1 = (lanes.all(each) for each in _round_key(b, key, turn))
        p0, p1 = (b.mul(m, b.and_(c, low)) for m, c in zip(multipliers, (c0, c2), strict=True))
        # What stands above 32 bits in c0 ... c3 is never looked at.
        c0, c1, c2, c3 = b.xor(b.xor(b.lshr(p1, half), c1), k0), p1, \
            b.xor(b.xor(b.lshr(p0, half), c3), k1), p0  # fmt: skip
    return [b.trunc(c, lanes.of(I32)) for c in (c0, c1, c2, c3)]


def _round_key(
    b: ir.IRBuilder, key: tuple[ir.Value, ir.Value], turn: int
) -> tuple[ir.Value, ir.Value]:
    k0, k1 = (
        b.add(half, ir.Constant(I64, turn * int(weyl)))
        for half, weyl in zip(key, (philox.WEYL_0, philox.WEYL_1), strict=True)
    )
    return k0, k1


def index_of(
    lanes: Lanes, planes: Sequence[ir.Value], words: Sequence[ir.Value], scale: ir.Value
) -> ir.Value:
    """Bit i is set where plane i's spin is +1, int32; ``scale`` has one number for each lane.

    Fields are integers, or float32.
    """
    b = lanes.builder
    index = lanes.constant(I32, 0)
    for plane, (field, word) in enumerate(zip(planes, words, strict=True)):
        number = field if field.type.element == F32 else b.sitofp(field, lanes.of(F32))
        odds = b.fmul(number, scale)
        up = b.zext(_is_up(lanes, odds, word), lanes.of(I32))
        index = b.or_(index, b.shl(up, lanes.constant(I32, plane)))
    return index


def _is_up(lanes: Lanes, y: ir.Value, word: ir.Value) -> ir.Value:
    """:func:`ebmbench.numerics.philox.is_up`, lane by lane."""
    b = lanes.builder
    half, one = lanes.constant(I32, int(philox.HALF)), lanes.constant(F32, 1.0)
    negative = b.fcmp_ordered("<", y, lanes.constant(F32, 0.0))
    tail = b.xor(word, b.not_(b.sext(negative, lanes.of(I32))))
    tail = b.select(b.icmp_unsigned("<", tail, half), tail, half)
    size = b.bitcast(b.and_(b.bitcast(y, lanes.of(I32)), half), lanes.of(F32))
    e = exp2_of(lanes, b.fsub(lanes.constant(F32, 32.0), size))
    one_plus_e = lanes.fma(e, lanes.constant(F32, 2.0**-32), one)
    excess = lanes.fma(b.sitofp(tail, lanes.of(F32)), one_plus_e, b.fneg(e))
    rare = b.fcmp_ordered("<", excess, lanes.constant(F32, -0.5))
    return b.not_(b.xor(rare, negative))


def exp2_of(lanes: Lanes, t: ir.Value) -> ir.Value:
    """:func:`ebmbench.numerics.philox.exp2`, lane by lane."""
    b = lanes.builder
    lowest, rounding = lanes.constant(F32, -126.0), lanes.constant(F32, float(philox.ROUND))
    t = b.select(b.fcmp_ordered(">", t, lowest), t, lowest)
    shifted = b.fadd(t, rounding)
    p = lanes.polynomial(philox.EXP2, b.fsub(t, b.fsub(shifted, rounding)))
    exponent = b.shl(b.bitcast(shifted, lanes.of(I32)), lanes.constant(I32, 23))
    return b.bitcast(b.add(b.bitcast(p, lanes.of(I32)), exponent), lanes.of(F32))
