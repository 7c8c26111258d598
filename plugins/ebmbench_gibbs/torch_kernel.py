"""Block-Gibbs sweeps in plain torch: the reference that faster kernels are held to."""

from __future__ import annotations

import torch
from torch import Tensor

from ebmbench import GibbsKernel, Model, Noise, TwoLayer, on_lattice


class TorchKernel(GibbsKernel):
    """h ~ sigmoid(2 beta (v W + b)), then v ~ sigmoid(2 beta (h W' + a)), k times over.

    Geman and Geman 1984, in blocks. A float64 product of the couplings on their lattice and a
    draw per half step: float64 holds sums of integers exactly, so this says in two lines what all
    kernels compute.
    """

    name = "torch"
    replayable = True

    def supports(self, model: Model, device: torch.device) -> str | None:
        if not isinstance(model, TwoLayer):
            return f"the model '{model.name}' is not two layers of spins that only couple across"
        return None

    @torch.no_grad()
    def sweep(
        self,
        model: Model,
        v: Tensor,
        k: int,
        beta: float,
        noise: Noise,
        h: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        lattice = on_lattice(model)
        for _ in range(k):
            drawn = noise.spins(lattice.hidden_field(v), beta, lattice.step)
            v = noise.spins(lattice.visible_field(drawn), beta, lattice.step)
        return v, drawn
