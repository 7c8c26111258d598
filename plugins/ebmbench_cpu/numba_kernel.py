"""The kernel for CPUs: table look-ups and a fused draw, on all threads that are allowed."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from ebmbench import Chains, Cost, GibbsKernel, Model, Noise, TwoLayer, not_two_layers
from ebmbench.numerics import Moments, WholeUpdate, field_from_numbers, philox
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
        h = start  # not looked at, but where v is no spins
        if kind == OTHER:
            h = noise.spins(field_from_numbers(model, v), beta).numpy()
        how = prepared(model, start.shape[1], self.memory)
        ended = sweep_prepared(how, (start, h), kind, k, beta, noise, told)
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


def lie_in_rows(model: Model) -> bool:
    """Whether compiled code can step all parameters where they are."""
    return all(each.is_contiguous() and each.dtype == torch.float32 for each in model.parameters())
