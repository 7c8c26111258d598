"""Couplings packed for sweeps, and the sweep of what is packed."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple, cast
from weakref import ReferenceType, ref

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ebmbench import Couplings, Factors, Model, Noise
from ebmbench.numerics import (
    Factored,
    cut,
    in_parallel,
    is_swept_by_factors,
    philox,
    real_couplings,
    thread_count,
    units_per_one,
)
from ebmbench_cpu.coupling_tiles import pack_couplings
from ebmbench_cpu.factors import PackedFactors, pack_factors, sweep_factors
from ebmbench_cpu.packing import OTHER, are_spins, sources_of, tiles_of
from ebmbench_cpu.patterns import PackedPatterns, sweep_patterns
from ebmbench_cpu.sweep import rows_of_tile, sweep_tiles
from ebmbench_cpu.tables import TARGETS

PIECE = 1 << 16  # couplings below which a second thread does not pay
SHAPES = 16  # arrays kept: those of two sweeps, of two couplings at most, with their biases
EXACT = 1 << 24  # below which float32 holds all integers
LAYERS = ("visible patterns", "hidden patterns")

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]
Layers = tuple[Integers, Integers, Integers, Integers]


def sweep_prepared(
    how: Prepared, start: tuple[Floats, Floats], kind: int, k: int, beta: ArrayLike, noise: Noise,
    told: int,
) -> tuple[Floats, Floats]:  # fmt: skip
    """v after k steps, and the first ``told`` of the hidden units that it was drawn from.

    Args:
        start: v (R, N, V), and what a sweep begins with where v is of a ``kind`` that is neither
            spins nor erased: its overlaps by patterns, or else h, which has been drawn.
    """
    R, N, _ = start[0].shape
    out_v, out_h = np.empty_like(start[0]), np.empty((R, N, told), np.float32)
    scale = philox.draw_scales(how.step, beta, R, N)
    drawn = kind == OTHER and not how.begins_at_overlaps
    draw = noise.advance(2 * k - 1) - 1 if drawn else noise.advance(2 * k)
    arguments = (*how.packed, noise.keys, scale, draw, k, kind, *start)
    size = rows_of_tile(R, N, thread_count())
    in_parallel(
        [
            partial(how.sweep_part, *arguments, out_v, out_h, size, part.start, part.stop)
            for part in cut(R * -(-N // size), thread_count())
        ]
    )
    return out_v, out_h


class Prepared(NamedTuple):
    """How a model is swept.

    Attributes:
        sweep_part: the compiled function.
        packed: its first arguments.
        step: what a field of 1 is worth, a number or (R,).
        begins_at_overlaps: whether it draws the first h too where v is no spins.
    """

    sweep_part: Any
    packed: tuple[Any, ...]
    step: ArrayLike
    begins_at_overlaps: bool = False


class Memory:
    """Packed couplings of the last sweep, to be overwritten by the next of the same shape.

    Only padding is left as it is, and that is 0. Fresh pages would cost as much as the packing. A
    model that is frozen is packed once, as long as no other is swept between.
    """

    def __init__(self) -> None:
        self._arrays: dict[tuple[str, tuple[int, ...]], NDArray[np.int32]] = {}
        self._last: tuple[ReferenceType[Model], Prepared] | None = None

    def of(self, model: Model) -> Prepared | None:
        """What the last sweep packed, where ``model`` is frozen and was what it swept."""
        if self._last and self._last[0]() is model:
            return self._last[1]
        self._last = None
        return None

    def keep(self, model: Model, prepared: Prepared) -> None:
        """Remember what was packed of a frozen model."""
        if model.frozen:
            self._last = ref(model), prepared

    def forget(self) -> None:
        """Its arrays are about to be written to."""
        self._last = None

    def packed(self, R: int, V: int, H: int, of: str = "") -> Layers:
        """Memory for couplings and biases, those of the draw of h and those of the draw of v.

        ``of`` tells several of one sweep apart.
        """
        arrays: list[NDArray[np.int32]] = []
        for layer, sources, targets in (("h", V, H), ("v", H, V)):
            count = tiles_of(targets)
            # What differs in size may be padded alike.
            size = f"{of} {sources} to {targets} of {layer}"
            arrays.append(self.zeros(size, R, count, sources_of(sources), TARGETS))
            arrays.append(self.zeros(f"bias, {size}", R, count, TARGETS))
        to_hidden, hidden_bias, to_visible, visible_bias = arrays
        return to_hidden, hidden_bias, to_visible, visible_bias

    def zeros(self, part: str, *shape: int) -> NDArray[np.int32]:
        """Zeros of a shape, or what a sweep before put into this part."""
        if (part, shape) not in self._arrays:
            if len(self._arrays) >= SHAPES:
                self._arrays.clear()
            self._arrays[part, shape] = np.zeros(shape, np.int32)
        return self._arrays[part, shape]


def prepared(model: Model, rows: int, kind: int, memory: Memory) -> Prepared:
    """By patterns, where the sweeps of all kernels go so, or else by couplings."""
    if is_swept_by_factors(model):
        factors = cast(Factored, model).factors()
        compared = kind != OTHER and comparing_pays(factors, rows)
        if compared and all(map(are_spins, factors[:2])):
            sides = [PackedPatterns.of(xi.detach().float().numpy()) for xi in factors[:2]]
            return Prepared(sweep_patterns, (*sides[0], *sides[1], factors[1].shape[2]), factors[2])
    if (known := memory.of(model)) is not None:
        return known
    found = (prepared_factors if is_swept_by_factors(model) else prepared_couplings)(model, memory)
    memory.keep(model, found)
    return found


def comparing_pays(factors: Factors, rows: int) -> bool:
    """Whether patterns that are spins may be compared bit by bit, in runs of 32 rows, and should.

    The spins are those of any patterns: sums are integers, exact in float32 below 2^24.
    """
    (_, K, V), H = factors.xi_v.shape, factors.xi_h.shape[2]
    return K * max(V, H) < EXACT and 2 * (rows % TARGETS or TARGETS) >= TARGETS


def prepared_couplings(model: Model, memory: Memory) -> Prepared:
    """Couplings in fixed point."""
    couplings, unit = real_couplings(model)
    per_one = units_per_one(couplings).numpy()
    packed = pack(couplings, per_one.astype(np.float32), memory)
    return Prepared(sweep_tiles, (*packed, couplings.W.shape[2]), unit / per_one)


def prepared_factors(model: Model, memory: Memory) -> Prepared:
    """Patterns in fixed point."""
    *layers, scale = cast(Factored, model).factors()
    sides: list[PackedFactors] = []
    unit = np.full(len(layers[0]), float(scale))
    for layer, xi in zip(LAYERS, layers, strict=True):
        xi = xi.detach().float().contiguous()
        per_one = units_per_one(Couplings(xi, None, None)).numpy()
        R, K, units = xi.shape
        room = memory.packed(R, K, units, layer)
        sides.append(pack_factors(xi.numpy(), per_one.astype(np.float32), room))
        unit /= per_one
    K, H = layers[1].shape[1:]
    return Prepared(sweep_factors, (*sides[0], *sides[1], K, H), unit, begins_at_overlaps=True)


def pack(couplings: Couplings, per_one: NDArray[np.float32], memory: Memory) -> Layers:
    """Couplings and biases in fixed point, in tiles, for the draw of h and for that of v."""
    W, a, b = couplings
    R, V, H = W.shape
    packed = memory.packed(R, V, H)
    biases = (
        np.zeros((R, units), np.float32) if bias is None else bias.numpy()
        for bias, units in ((a, V), (b, H))
    )
    arguments = (W.numpy(), *biases, per_one, *packed)
    parts = cut(R * tiles_of(V), min(thread_count(), 1 + R * V * H // PIECE))
    in_parallel([partial(pack_couplings, *arguments, part.start, part.stop) for part in parts])
    return packed
