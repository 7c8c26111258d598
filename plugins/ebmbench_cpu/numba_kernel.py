"""The kernel for CPUs: table look-ups and a fused draw, on all threads that are allowed."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ebmbench import Chains, Cost, GibbsKernel, Model, Noise, TwoLayer, not_two_layers
from ebmbench.numerics import (
    Factored,
    Moments,
    WholeUpdate,
    field_from_numbers,
    is_swept_by_factors,
    layer_in_fixed_point,
    overlaps_with,
    philox,
)
from ebmbench_cpu.chain_update import ChainUpdate
from ebmbench_cpu.packing import OTHER, spins_or_erased
from ebmbench_cpu.prepared import Memory, prepared, sweep_prepared
from ebmbench_cpu.small_update import SmallChainUpdate


class NumbaKernel(GibbsKernel):
    """h ~ sigmoid(2 beta (v W + b)), then v ~ sigmoid(2 beta (h W' + a)), in compiled tiles.

    Geman and Geman 1984, in blocks. A field is a sum of integers looked up four couplings at a
    time, about twice as fast as a float32 product on the same core. Fields stay in the cache and
    random numbers in registers. Row tiles of all replicas are spread over the threads.
    """

    name = "numba"
    cites = ("geman1984",)
    priority = 10

    def __init__(self, options: Any) -> None:
        super().__init__(options)
        self.memory = Memory()

    def usable(self, device: torch.device) -> str | None:
        return None if device.type == "cpu" else f"it runs on the CPU, not on {device}"

    def supports(self, model: Model, device: torch.device) -> str | None:
        return not_two_layers(model) or self.usable(device)

    @torch.no_grad()
    def sweep(
        self, model: Model, chains: Chains, k: int, beta: float | Tensor, noise: Noise
    ) -> Chains:
        return self._sweep(model, chains.v, k, beta, noise, cast(TwoLayer, model).hidden)

    @torch.no_grad()
    def run_chains(
        self, model: Model, chains: Chains, k: int, beta: float | Tensor, noise: Noise
    ) -> Chains:
        return Chains(self._sweep(model, chains.v, k, beta, noise, 0).v)

    def _sweep(
        self, model: Model, v: Tensor, k: int, beta: float | Tensor, noise: Noise, told: int
    ) -> Chains:
        """A sweep that tells of the first ``told`` hidden units where they end."""
        start = np.ascontiguousarray(v.detach().to(torch.float32).numpy())
        kind = spins_or_erased(start)
        begun = begun_at(model, v, beta, noise) if kind == OTHER else start
        how = prepared(model, start.shape[1], kind, self.memory)
        ended = sweep_prepared(how, (start, begun), kind, k, beta, noise, told)
        return Chains(*map(torch.from_numpy, ended))

    def whole_update(
        self, model: Model, k: int, chains: int | None, moments: Moments
    ) -> WholeUpdate | None:
        if not (model.is_its_couplings and lie_in_rows(model)):
            return None
        if model.visible <= philox.FEW:
            return SmallChainUpdate(model, k, chains, moments)
        if cast(TwoLayer, model).hidden <= philox.FEW:  # drawn from in another way
            return None
        return ChainUpdate(model, self.memory, k, chains, moments)

    def sweep_cost(self, model: Model, chains: int, k: int) -> Cost:
        """What every kernel's sweep costs.

        Where the chains start and end is held, and the couplings three times: rounded, in the order
        of either half step, and turned.
        """
        V, H = model.visible, cast(TwoLayer, model).hidden
        held = 4 * (chains * 2 * V + 3 * V * H)
        return super().sweep_cost(model, chains, k)._replace(held=held)


def begun_at(model: Model, v: Tensor, beta: float | Tensor, noise: Noise) -> NDArray[np.float32]:
    """What a sweep begins with where v is no spins: overlaps (R, N, K), or h (R, N, H) drawn."""
    if is_swept_by_factors(model):
        xi, _ = layer_in_fixed_point(cast(Factored, model).factors().xi_v)
        return overlaps_with(xi, v).numpy()
    return noise.spins(field_from_numbers(model, v), beta).numpy()


def lie_in_rows(model: Model) -> bool:
    """Whether compiled code can step all parameters where they are."""
    return all(each.is_contiguous() and each.dtype == torch.float32 for each in model.parameters())
