"""The kernel for CPUs: table look-ups and a fused draw, on all threads that are allowed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, cast
from weakref import ReferenceType, ref

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from ebmbench import (
    Chains,
    Cost,
    Couplings,
    Factors,
    GibbsKernel,
    Model,
    Noise,
    TwoLayer,
    not_two_layers,
)
from ebmbench.numerics import (
    cut,
    field_from_numbers,
    in_parallel,
    is_factored,
    philox,
    real_couplings,
    thread_count,
    units_per_one,
)
from ebmbench_cpu.packing import OTHER, pack_couplings, sources_of, spins_or_erased, tiles_of
from ebmbench_cpu.patterns import PackedPatterns, sweep_patterns
from ebmbench_cpu.sweep import rows_of_tile, sweep_tiles
from ebmbench_cpu.tables import TARGETS

SHAPES = 8  # arrays kept: those of two sweeps, with both layers and their biases


class NumbaKernel(GibbsKernel):
    """h ~ sigmoid(2 beta (v W + b)), then v ~ sigmoid(2 beta (h W' + a)), in compiled tiles.

    Geman and Geman 1984, in blocks. A field is a sum of integers looked up four couplings at a
    time, about twice as fast as a float32 product on the same core. Fields stay in the cache and
    random numbers in registers. Row tiles of all replicas are spread over the threads.
    """

    name = "numba"
    priority = 10

    def __init__(self, options: Any) -> None:
        super().__init__(options)
        self.memory = Memory()

    def usable(self, device: torch.device) -> str | None:
        return None if device.type == "cpu" else f"it runs on the CPU, not on {device}"

    def supports(self, model: Model, device: torch.device) -> str | None:
        return not_two_layers(model) or self.usable(device)

    @torch.no_grad()
    def sweep(self, model: Model, chains: Chains, k: int, beta: float, noise: Noise) -> Chains:
        return self._sweep(model, chains.v, k, beta, noise, cast(TwoLayer, model).hidden)

    @torch.no_grad()
    def run_chains(self, model: Model, chains: Chains, k: int, beta: float, noise: Noise) -> Chains:
        return Chains(self._sweep(model, chains.v, k, beta, noise, 0).v)

    def _sweep(
        self, model: Model, v: Tensor, k: int, beta: float, noise: Noise, told: int
    ) -> Chains:
        """A sweep that tells of the first ``told`` hidden units where they end."""
        start = np.ascontiguousarray(v.detach().to(torch.float32).numpy())
        kind = spins_or_erased(start)
        h = start  # not looked at, but where v is no spins
        if kind == OTHER:
            h = noise.spins(field_from_numbers(model, v), beta).numpy()
        R, N, _ = start.shape
        out_v, out_h = np.empty_like(start), np.empty((R, N, told), np.float32)
        sweep_part, packed, step = prepared(model, N, self.memory)
        scale = np.broadcast_to(philox.draw_scale(step, beta), R).copy()
        draw = noise.advance(2 * k - 1) - 1 if kind == OTHER else noise.advance(2 * k)
        arguments = (*packed, noise.keys, scale, draw, k, kind, start, h)
        size = rows_of_tile(R, N, thread_count())
        in_parallel(
            [
                partial(sweep_part, *arguments, out_v, out_h, size, part.start, part.stop)
                for part in cut(R * -(-N // size), thread_count())
            ]
        )
        return Chains(torch.from_numpy(out_v), torch.from_numpy(out_h))

    def sweep_cost(self, model: Model, chains: int, k: int) -> Cost:
        """What every kernel's sweep costs.

        Where the chains start and end is held, and the couplings three times: rounded, in the order
        of either half step, and turned.
        """
        V, H = model.visible, cast(TwoLayer, model).hidden
        held = 4 * (chains * 2 * V + 3 * V * H)
        return super().sweep_cost(model, chains, k)._replace(held=held)


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
        if many and by_patterns_is_less(factors, rows) and are_spins(factors):
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


def are_spins(factors: Factors) -> bool:
    """Whether all patterns of all replicas are +1 or -1."""
    return all(bool((xi.abs() == 1).all()) for xi in factors[:2])


def pack(
    couplings: Couplings, per_one: NDArray[np.float32], memory: Memory
) -> tuple[NDArray[np.int32], ...]:
    """Couplings and biases in fixed point, in tiles, for the draw of h and for that of v."""
    W, a, b = couplings
    R, V, H = W.shape
    packed: list[NDArray[np.int32]] = []
    work: list[Callable[[], object]] = []
    layers = (("h", W, b, V, H), ("v", W.mT.contiguous(), a, H, V))
    for layer, weights, bias, sources, targets in layers:
        count = tiles_of(targets)
        size = f"{sources} to {targets} of {layer}"  # what differs in size may be padded alike
        tiles = memory.zeros(size, R, count, sources_of(sources), TARGETS)
        places = memory.zeros(f"bias, {size}", R, count, TARGETS)
        flat = np.zeros((R, targets), np.float32) if bias is None else bias.numpy()
        packed += [tiles, places]
        work += [
            partial(
                pack_couplings, weights.numpy(), flat, per_one, tiles, places, part.start, part.stop
            )
            for part in cut(R, thread_count())
        ]
    in_parallel(work)
    return tuple(packed)
