"""A dot product in vector registers, its order of sums fixed: the same bits at every call.

numba adds up one by one, or, if it may reorder sums, in an order that depends on where the machine
code comes from (compiled anew, or read from its cache).
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from ebmbench.numerics import intrinsic, njit

LANES = 32  # sums side by side: four registers of eight
F32, I32, I64 = ir.FloatType(), ir.IntType(32), ir.IntType(64)
VECTOR = ir.VectorType(F32, LANES)


def _whole_dots(number: int) -> Any:
    """An intrinsic: ``number`` dot products of float32 with the same vector, side by side.

    A sum waits for the one before it, so that one alone leaves a core idle most of the time.
    """

    def whole_dots(context, a, b, stride, count):  # type: ignore[no-untyped-def]
        """Of the first ``count`` float32 (a multiple of LANES) at ``a``, with those at ``b``.

        And with those ``stride`` bytes further on, and so forth.
        """
        from numba import types
        from numba.core import cgutils

        def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
            a, b, stride, count = arguments
            zeros = ir.Constant(VECTOR, [0.0] * LANES)
            others = [builder.add(b, builder.mul(stride, I64(index))) for index in range(number)]
            sums = [cgutils.alloca_once_value(builder, zeros) for _ in others]  # type: ignore[no-untyped-call]
            step = ir.Constant(I64, LANES)
            with cgutils.for_range_slice(builder, I64(0), count, step) as (start, _):
                mine = _load(builder, a, start)
                for total, other in zip(sums, others, strict=True):
                    theirs = _load(builder, other, start)
                    added = builder.call(_fma(builder), [mine, theirs, builder.load(total)])
                    builder.store(added, total)
            totals = [_total(builder, builder.load(total)) for total in sums]
            return context.make_tuple(builder, signature.return_type, totals)

        numbers: Any = types.Tuple
        return numbers([types.float32] * number)(*[types.intp] * 4), generate

    return intrinsic(whole_dots)


one_dot: Any = _whole_dots(1)
four_dots: Any = _whole_dots(4)


@njit
def dot(a, b):  # type: ignore[no-untyped-def]
    """a . b of two contiguous float32 arrays of the same length."""
    whole = len(a) - len(a) % LANES
    (total,) = one_dot(a.ctypes.data, b.ctypes.data, 0, whole)
    for index in range(whole, len(a)):
        total += a[index] * b[index]
    return total


@njit
def dots(a, rows, scale, out):  # type: ignore[no-untyped-def]
    """``scale`` times a . row, of each of the contiguous ``rows``, into ``out``: as ``dot``."""
    units, number = len(a), len(rows)
    whole, fours = units - units % LANES, number - number % 4
    for k in range(0, fours, 4):
        p, q, r, s = four_dots(a.ctypes.data, rows[k].ctypes.data, rows.strides[0], whole)
        for unit in range(whole, units):
            here = a[unit]
            p += here * rows[k, unit]
            q += here * rows[k + 1, unit]
            r += here * rows[k + 2, unit]
            s += here * rows[k + 3, unit]
        out[k], out[k + 1], out[k + 2], out[k + 3] = scale * p, scale * q, scale * r, scale * s
    for k in range(fours, number):
        out[k] = scale * dot(a, rows[k])


def _load(builder: Any, address: Any, start: Any) -> Any:
    """LANES float32 from element ``start`` on, wherever they lie."""
    first = builder.gep(builder.inttoptr(address, F32.as_pointer()), [start])
    return builder.load(builder.bitcast(first, VECTOR.as_pointer()), align=4)


def _fma(builder: Any) -> Any:
    """The instruction a b + c on all lanes, rounded once."""
    from numba.core import cgutils

    return cgutils.get_or_insert_function(  # type: ignore[no-untyped-call]
        builder.module, ir.FunctionType(VECTOR, [VECTOR] * 3), f"llvm.fma.v{LANES}f32"
    )


def _total(builder: Any, sums: Any) -> Any:
    """The sum of all lanes: halves are added until one is left."""
    width = LANES
    while width > 1:
        width //= 2
        places = ir.VectorType(I32, width)
        low, high = (
            builder.shuffle_vector(sums, sums, ir.Constant(places, list(half)))
            for half in (range(width), range(width, 2 * width))
        )
        sums = builder.fadd(low, high)
    return builder.extract_element(sums, I32(0))
