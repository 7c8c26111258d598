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


def _dot_whole(context, a, b, count):  # type: ignore[no-untyped-def]
    """The dot product of the first ``count`` float32 (a multiple of LANES) at two addresses."""

    from numba import types
    from numba.core import cgutils

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        a, b, count = arguments
        start_sums = ir.Constant(VECTOR, [0.0] * LANES)
        sums = cgutils.alloca_once_value(builder, start_sums)  # type: ignore[no-untyped-call]
        step = ir.Constant(I64, LANES)
        with cgutils.for_range_slice(builder, I64(0), count, step) as (start, _):
            pair = [_load(builder, address, start) for address in (a, b)]
            builder.store(builder.call(_fma(builder), [*pair, builder.load(sums)]), sums)
        return _total(builder, builder.load(sums))

    return types.float32(types.intp, types.intp, types.intp), generate


dot_whole: Any = intrinsic(_dot_whole)


@njit
def dot(a, b):  # type: ignore[no-untyped-def]
    """a . b of two contiguous float32 arrays of the same length."""
    whole = len(a) - len(a) % LANES
    total = dot_whole(a.ctypes.data, b.ctypes.data, whole)
    for index in range(whole, len(a)):
        total += a[index] * b[index]
    return total


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
