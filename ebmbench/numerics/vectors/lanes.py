"""Arithmetic on vectors of numbers side by side, written as LLVM instructions.

Left to itself a compiler makes vector code of some loops and scalar code of others that look the
same; here each operation *is* one on a vector, whatever the compiler thinks. A target without
registers of the vector's width gets several instructions for one: the numbers are the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import llvmlite.ir as ir
import numpy as np

I8, I16, I32, I64 = (ir.IntType(bits) for bits in (8, 16, 32, 64))
F32 = ir.FloatType()


class Lanes:
    """Builds instructions on vectors of ``width`` numbers."""

    def __init__(self, builder: ir.IRBuilder, width: int) -> None:
        self.builder = builder
        self.width = width

    def of(self, kind: ir.Type) -> ir.VectorType:
        """The type of ``width`` numbers of a kind."""
        return ir.VectorType(kind, self.width)

    def constant(self, kind: ir.Type, value: float | np.float32) -> ir.Constant:
        """The same constant in all lanes."""
        exact = float(np.float32(value)) if kind == F32 else value
        return ir.Constant(self.of(kind), [exact] * self.width)

    def count(self, kind: ir.Type, stride: int = 1) -> ir.Constant:
        """0, stride, 2 stride, ..."""
        return ir.Constant(self.of(kind), [stride * lane for lane in range(self.width)])

    def all(self, value: ir.Value) -> ir.Value:
        """A number in all lanes."""
        empty = ir.Constant(self.of(value.type), ir.Undefined)
        first = self.builder.insert_element(empty, value, ir.Constant(I32, 0))
        nought = ir.Constant(self.of(I32), [0] * self.width)
        return self.builder.shuffle_vector(first, empty, nought)

    def load(self, kind: ir.Type, address: ir.Value, offset: int = 0) -> ir.Value:
        """The vector that lies ``offset`` bytes after ``address``."""
        return self.builder.load(self._pointer(kind, address, offset), align=1)

    def store(self, vector: ir.Value, address: ir.Value, offset: int = 0) -> None:
        """Put a vector ``offset`` bytes after ``address``."""
        self.builder.store(vector, self._pointer(vector.type.element, address, offset), align=1)

    def fma(self, a: ir.Value, b: ir.Value, c: ir.Value) -> ir.Value:
        """a b + c in float32, rounded once."""
        return self._call("llvm.fma", a, b, c)

    def rounded(self, x: ir.Value) -> ir.Value:
        """The nearest whole number, ties to even, float32."""
        return self._call("llvm.rint", x)

    def shuffled(self, x: ir.Value, order: Sequence[int]) -> ir.Value:
        """Lane ``order[i]`` of ``x`` in lane i."""
        lanes = ir.Constant(ir.VectorType(I32, self.width), list(order))
        return self.builder.shuffle_vector(x, ir.Constant(x.type, ir.Undefined), lanes)

    def turned(self, rows: Sequence[ir.Value]) -> list[ir.Value]:
        """The columns of a square of ``width`` vectors, a power of two.

        Squares beside the diagonal change places, half as large each time.
        """
        turned, apart = list(rows), self.width // 2
        while apart:
            for upper in (row for row in range(self.width) if not row & apart):
                lower = upper + apart
                turned[upper], turned[lower] = self._swapped(turned[upper], turned[lower], apart)
            apart //= 2
        return turned

    def _swapped(self, upper: ir.Value, lower: ir.Value, apart: int) -> tuple[ir.Value, ir.Value]:
        """The upper row's lanes with bit ``apart``, and the lower's without, change places."""
        lanes = range(self.width)
        kept = [self.width + lane - apart if lane & apart else lane for lane in lanes]
        moved = [self.width + lane if lane & apart else lane + apart for lane in lanes]
        places = (ir.Constant(ir.VectorType(I32, self.width), order) for order in (kept, moved))
        first, second = (self.builder.shuffle_vector(upper, lower, order) for order in places)
        return first, second

    def polynomial(self, coefficients: Sequence[np.float32], x: ir.Value) -> ir.Value:
        """c0 + c1 x + c2 x^2 + ... by Horner's rule."""
        *rest, p = (self.constant(F32, c) for c in coefficients)
        for c in reversed(rest):
            p = self.fma(p, x, c)
        return p

    def _call(self, name: str, *arguments: ir.Value) -> ir.Value:
        from numba.core import cgutils

        floats = self.of(F32)
        function = cgutils.get_or_insert_function(  # type: ignore[no-untyped-call]
            self.builder.module,
            ir.FunctionType(floats, [floats] * len(arguments)),
            f"{name}.v{self.width}f32",
        )
        return self.builder.call(function, arguments)

    def _pointer(self, kind: ir.Type, address: ir.Value, offset: int) -> ir.Value:
        there = self.builder.add(address, ir.Constant(I64, offset))
        return self.builder.inttoptr(there, self.of(kind).as_pointer())
