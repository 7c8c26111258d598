"""Block-Gibbs sweeps of hidden spins and visible units of any kind."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor

from ebmbench import Chains, Cost, GibbsKernel, Model, Noise
from ebmbench_units.hidden_spins import HiddenSpins


class HiddenSpinsKernel(GibbsKernel):
    """h ~ sigmoid(2 beta x(v)), then v ~ p(v | h)^beta, k times over, v of the model's own units.

    Geman and Geman 1984, in blocks, in plain torch. Fields are float32 sums, and the same states
    are promised on one device only.
    """

    name = "hidden-spins"
    cites = ("geman1984",)

    def supports(self, model: Model, device: torch.device) -> str | None:
        if not isinstance(model, HiddenSpins):
            return f"the model '{model.name}' does not draw its visible units itself"
        return None

    @torch.no_grad()
    def sweep(
        self, model: Model, chains: Chains, k: int, beta: float | Tensor, noise: Noise
    ) -> Chains:
        machine, (v, h) = cast(HiddenSpins, model), chains
        for _ in range(k):
            h = noise.spins(machine.hidden_field(v), beta)
            v = machine.draw_visible(h, beta, noise)
        return Chains(v, h)

    def sweep_cost(self, model: Model, chains: int, k: int) -> Cost:
        """Two products, a random number per unit or site, and two passes of memory per column."""
        V, H = model.visible, cast(HiddenSpins, model).hidden
        moved = 4.0 * (4 * chains * (V + H) + 2 * V * H)
        randoms = chains * (model.units.draws(V) + H)
        return k * Cost(macs=2.0 * chains * V * H, randoms=randoms, bytes=moved)
