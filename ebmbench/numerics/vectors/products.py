"""Products of a few columns in vector registers, added up row by row: c[n] += sum_s a[n, s] b[s].

A sum goes from the first s to the last, whatever the number of rows and whoever asks, so that it
has the same bits every time, which a library's product does not promise. Six rows of 16 columns
are added up side by side: their sums stay in registers, also in those of a core that has only 16
of eight numbers, and enough are on their way for none to wait for the one before it.
"""

from __future__ import annotations

from typing import Any

from ebmbench.numerics.compiled import intrinsic, njit
from ebmbench.numerics.vectors.lanes import F32, I64, Lanes

WIDTH = 16  # columns
ROWS = 6  # added up side by side
BYTES = 4  # of a number


def _adder(rows: int, fused: bool) -> Any:
    """An intrinsic: the product of so many rows, added to what is there."""

    def add_rows(context, a, row, across, b, down, c, under, depth):  # type: ignore[no-untyped-def]
        """Add ``rows`` rows of a times b to c.

        Args:
            a, b, c: addresses of float32.
            row, across: bytes from a row of a to the next, and from s to s + 1.
            down, under: bytes from a row of b to the next, and from a row of c.
            depth: how many s.
        """
        from numba import types
        from numba.core import cgutils

        def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
            a, row, across, b, down, c, under, depth = arguments
            lanes = Lanes(builder, WIDTH)
            mine = [builder.add(a, builder.mul(row, I64(n))) for n in range(rows)]
            theirs = [builder.add(c, builder.mul(under, I64(n))) for n in range(rows)]
            sums = [cgutils.alloca_once_value(builder, lanes.load(F32, each)) for each in theirs]  # type: ignore[no-untyped-call]
            with cgutils.for_range(builder, depth) as loop:
                numbers = lanes.load(F32, builder.add(b, builder.mul(down, loop.index)))
                at = builder.mul(across, loop.index)
                for start, total in zip(mine, sums, strict=True):
                    there = builder.inttoptr(builder.add(start, at), F32.as_pointer())
                    factor = lanes.all(builder.load(there, align=BYTES))
                    before = builder.load(total)
                    if fused:
                        added = lanes.fma(factor, numbers, before)
                    else:
                        added = builder.fadd(before, builder.fmul(factor, numbers))
                    builder.store(added, total)
            for each, total in zip(theirs, sums, strict=True):
                lanes.store(builder.load(total), each)
            return context.get_dummy_value()

        return types.void(*[types.intp] * 8), generate

    return intrinsic(add_rows)


add_six_rows: Any = _adder(ROWS, fused=False)
add_two_rows: Any = _adder(2, fused=False)
add_row: Any = _adder(1, fused=False)
fuse_six_rows: Any = _adder(ROWS, fused=True)
fuse_two_rows: Any = _adder(2, fused=True)
fuse_row: Any = _adder(1, fused=True)


@njit(nogil=True)
def add_products(a, rows, row, across, b, down, depth, c, under):  # type: ignore[no-untyped-def]
    """c[n, j] += sum_s a[n, s] b[s, j], j < 16: each product and each sum rounded to float32.

    Args:
        a: address of float32, ``row`` bytes from a row to the next and ``across`` from s to s + 1.
        rows: how many of a and c.
        b: address of ``depth`` rows of 16 float32, ``down`` bytes from one to the next.
        c: address of the sums, ``under`` bytes from a row to the next.
    """
    sixes, twos = rows - rows % ROWS, rows - rows % 2
    for n in range(0, sixes, ROWS):
        add_six_rows(a + n * row, row, across, b, down, c + n * under, under, depth)
    for n in range(sixes, twos, 2):
        add_two_rows(a + n * row, row, across, b, down, c + n * under, under, depth)
    for n in range(twos, rows):
        add_row(a + n * row, row, across, b, down, c + n * under, under, depth)


@njit(nogil=True)
def add_fused_products(a, rows, row, across, b, down, depth, c, under):  # type: ignore[no-untyped-def]
    """The same with a product and its sum rounded once."""
    sixes, twos = rows - rows % ROWS, rows - rows % 2
    for n in range(0, sixes, ROWS):
        fuse_six_rows(a + n * row, row, across, b, down, c + n * under, under, depth)
    for n in range(sixes, twos, 2):
        fuse_two_rows(a + n * row, row, across, b, down, c + n * under, under, depth)
    for n in range(twos, rows):
        fuse_row(a + n * row, row, across, b, down, c + n * under, under, depth)
