"""Threads that wait for each other within compiled code, between the stages of one update.

Handing work to a thread takes some 50 microseconds, several times what a stage of a small update
does; a meeting of threads that are at work takes one or two.
"""

from __future__ import annotations

from typing import Any

import llvmlite.ir as ir
import numpy as np
from numpy.typing import NDArray

from ebmbench.numerics.compiled import intrinsic, njit

I32, I64 = ir.IntType(32), ir.IntType(64)
PATIENCE = 2000  # looks before the core is offered to others: a few microseconds
APART = 16  # numbers between the two, which are on cache lines of their own


def meeting() -> NDArray[np.int64]:
    """A place for threads to meet at: how many have come, and how often all had."""
    return np.zeros(2 * APART, np.int64)


def _added(context, address, number):  # type: ignore[no-untyped-def]
    """Add to the int64 at an address in one go; what was there before."""
    from numba import types

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        address, number = arguments
        there = builder.inttoptr(address, I64.as_pointer())
        return builder.atomic_rmw("add", there, number, "seq_cst")

    return types.int64(types.intp, types.int64), generate


def _offer_core(context):  # type: ignore[no-untyped-def]
    """Let another thread have the core, if one waits for it (POSIX)."""
    from numba import types
    from numba.core import cgutils

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        kind = ir.FunctionType(I32, [])
        builder.call(cgutils.get_or_insert_function(builder.module, kind, "sched_yield"), [])  # type: ignore[no-untyped-call]
        return context.get_dummy_value()

    return types.void(), generate


def _seen(context, address):  # type: ignore[no-untyped-def]
    """The int64 at an address, as the last thread that changed it left it."""
    from numba import types

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        there = builder.inttoptr(arguments[0], I64.as_pointer())
        return builder.load_atomic(there, "seq_cst", 8)

    return types.int64(types.intp), generate


added: Any = intrinsic(_added)
offer_core: Any = intrinsic(_offer_core)
seen: Any = intrinsic(_seen)


@njit(nogil=True)
def meet(place, threads):  # type: ignore[no-untyped-def]
    """Wait until so many threads have come to a ``meeting``; what they wrote before is seen after.

    All of them must be at work at the same time (``side_by_side``), or those that came wait for
    ever.
    """
    if threads == 1:
        return
    come, times = place.ctypes.data, place[APART:].ctypes.data
    before = seen(times)
    if added(come, 1) == threads - 1:
        added(come, -threads)
        added(times, 1)
        return
    looks = 0
    while seen(times) == before:
        looks += 1
        if looks > PATIENCE:
            offer_core()
