"""Couplings packed for sweeps, and the sweep of what is packed."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple
from weakref import ReferenceType, ref

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ebmbench import Couplings, Factors, Model, Noise
from ebmbench.numerics import (
    cut,
    in_parallel,
    is_factored,
    philox,
    real_couplings,
    thread_count,
    units_per_one,
)
from ebmbench_cpu.coupling_tiles import pack_couplings
from ebmbench_cpu.packing import OTHER, are_spins, sources_of, tiles_of
from ebmbench_cpu.patterns import PackedPatterns, sweep_patterns
from ebmbench_cpu.sweep import rows_of_tile, sweep_tiles
from ebmbench_cpu.tables import TARGETS

PIECE = 1 << 16  # couplings below which a second thread does not pay
SHAPES = 8  # arrays kept: those of two sweeps, with both layers and their biases

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]
Layers = tuple[Integers, Integers, Integers, Integers]


def sweep_prepared(
    how: Prepared, start: tuple[Floats, Floats], kind: int, k: int, beta: ArrayLike, noise: Noise,
    told: int,
) -> tuple[Floats, Floats]:  # fmt: skip
    """v after k steps, and the first ``told`` of the hidden units that it was drawn from.

    Args:
        start: v (R, N, V), and h where v is of a ``kind`` that no field in fixed point is found of.
    """
    R, N, _ = start[0].shape
    out_v, out_h = np.empty_like(start[0]), np.empty((R, N, told), np.float32)
    scale = philox.draw_scales(how.step, beta, R, N)
    draw = noise.advance(2 * k - 1) - 1 if kind == OTHER else noise.advance(2 * k)
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
    """

    sweep_part: Any
    packed: tuple[Any, ...]
    step: ArrayLike


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

    def packed(self, R: int, V: int, H: int) -> Layers:
        """Memory for couplings and biases, those of the draw of h and those of the draw of v."""
        arrays: list[NDArray[np.int32]] = []
        for layer, sources, targets in (("h", V, H), ("v", H, V)):
            count = tiles_of(targets)
            size = f"{sources} to {targets} of {layer}"  # what differs in size may be padded alike
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


def prepared(model: Model, rows: int, memory: Memory) -> Prepared:
    """By patterns where they are spins and that is less work, or else by couplings.

    The spins are the same: those patterns' couplings are integers, and exact in fixed point.
    """
    if is_factored(model):
        factors = model.factors()
        V, H = (xi.shape[2] for xi in factors[:2])
        many = min(V, H) > philox.FEW  # from few units, spins are drawn in another way
        if many and by_patterns_is_less(factors, rows) and all(map(are_spins, factors[:2])):
            sides = [PackedPatterns.of(xi.detach().float().numpy()) for xi in factors[:2]]
            return Prepared(sweep_patterns, (*sides[0], *sides[1], H), factors.scale)
    if (known := memory.of(model)) is not None:
        return known
    couplings, unit = real_couplings(model)
    per_one = units_per_one(couplings).numpy()
    packed = pack(couplings, per_one.astype(np.float32), memory)
    found = Prepared(sweep_tiles, (*packed, couplings.W.shape[2]), unit / per_one)
    memory.keep(model, found)
    return found


def by_patterns_is_less(factors: Factors, rows: int) -> bool:
    """Whether K(V + H) operations, on rows in whole runs of 32, are fewer than VH.

    The count of a sweep, which knows no machine, goes by K(V + H) and VH alone.
    """
    (_, K, V), H = factors.xi_v.shape, factors.xi_h.shape[2]
    runs = -(-rows // TARGETS) * TARGETS
    return bool(K * (V + H) * runs < V * H * rows)


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
