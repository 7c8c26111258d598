"""Block-Gibbs sweeps of spins and Gaussian hidden units."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor

from ebmbench import Chains, Cost, GibbsKernel, Model, Noise
from ebmbench_hopfield.hybrid import GaussianHidden


class GaussianKernel(GibbsKernel):
    """h ~ N(v W, 1 / beta), then v ~ sigmoid(2 beta (h W' + a)), k times over.

    Geman and Geman 1984, in blocks, of a spin layer and a Gaussian one. Gaussian units are real
    numbers: fields are float32 sums, and the same spins are promised on one device only.
    """

    name = "gaussian"
    cites = ("geman1984",)

    def supports(self, model: Model, device: torch.device) -> str | None:
        if not isinstance(model, GaussianHidden):
            return f"the hidden units of the model '{model.name}' are not Gaussian given v"
        return None

    @torch.no_grad()
    def sweep(
        self, model: Model, chains: Chains, k: int, beta: float | Tensor, noise: Noise
    ) -> Chains:
        machine = cast(GaussianHidden, model)
        v, h = chains
        spread = torch.as_tensor(beta, dtype=torch.float64, device=v.device).rsqrt().float()
        spread = spread.unsqueeze(-1)  # (), or (R, N, 1): a product with either rounds alike
        for _ in range(k):
            h = machine.hidden_mean(v) + noise.normal(v.shape[1], machine.hidden) * spread
            v = noise.spins(machine.visible_field(h), beta)
        return Chains(v, h)

    def sweep_cost(self, model: Model, chains: int, k: int) -> Cost:
        """Two fields, and a random number and two passes of memory per unit."""
        machine = cast(GaussianHidden, model)
        units = chains * (model.visible + machine.hidden)
        moved = 4 * (4 * units + 2 * model.parameters_per_replica())
        return k * Cost(macs=2 * chains * machine.field_macs, randoms=units, bytes=moved)
