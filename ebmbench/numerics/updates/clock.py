"""The time, within compiled code."""

from __future__ import annotations

import time
from typing import Any

from llvmlite import ir

from ebmbench.numerics.compiled import intrinsic

HAS_CLOCK = hasattr(time, "clock_gettime")
"""Whether ``now`` works: on POSIX systems, and so where the C library has this clock."""


def _now(context):  # type: ignore[no-untyped-def]
    """Seconds of the monotonic clock, float64; some twenty nanoseconds a call."""

    from numba import types
    from numba.core import cgutils

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        I32, I64, F64 = ir.IntType(32), ir.IntType(64), ir.DoubleType()
        pair = ir.ArrayType(I64, 2)  # seconds and nanoseconds
        there = cgutils.alloca_once(builder, pair)  # type: ignore[no-untyped-call]
        kind = ir.FunctionType(I32, [I32, pair.as_pointer()])
        clock = cgutils.get_or_insert_function(  # type: ignore[no-untyped-call]
            builder.module, kind, "clock_gettime"
        )
        builder.call(clock, [ir.Constant(I32, time.CLOCK_MONOTONIC), there])
        both = builder.load(there)
        seconds, fraction = (
            builder.sitofp(builder.extract_value(both, index), F64) for index in range(2)
        )
        return builder.fadd(seconds, builder.fmul(fraction, ir.Constant(F64, 1e-9)))

    return types.float64(), generate


now: Any = intrinsic(_now)
