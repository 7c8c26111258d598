"""Block-Gibbs sweeps in plain torch: the reference that faster kernels are held to."""

from __future__ import annotations

import torch
from torch import Tensor

from ebmbench import Chains, GibbsKernel, Model, Noise, not_two_layers
from ebmbench.numerics import (
    FactoredFixedPoint,
    FixedPoint,
    field_from_numbers,
    fields_of_sweeps,
    is_exact_from,
)


class TorchKernel(GibbsKernel):
    """h ~ sigmoid(2 beta (v W + b)), then v ~ sigmoid(2 beta (h W' + a)), k times over.

    Geman and Geman 1984, in blocks. A float64 product of the couplings in fixed point and a
    draw per half step: float64 holds sums of integers exactly, so this says in two lines what all
    kernels compute; where patterns are fewer numbers, their sum is written out. Chains that start
    at other numbers than spins take their first field from the couplings as they are.
    """

    name = "torch"
    cites = ("geman1984",)
    replayable = True

    def supports(self, model: Model, device: torch.device) -> str | None:
        return not_two_layers(model)

    @torch.no_grad()
    def sweep(
        self, model: Model, chains: Chains, k: int, beta: float | Tensor, noise: Noise
    ) -> Chains:
        fields = fields_of_sweeps(model)
        v, h = chains
        for step in range(k):
            if step or self._shared(fields, v, noise):
                h = fields.draw_hidden(v, beta, noise)
            else:
                h = noise.spins(field_from_numbers(model, v), beta)
            v = fields.draw_visible(h, beta, noise)
        return Chains(v, h)

    def _shared(self, fields: FixedPoint | FactoredFixedPoint, v: Tensor, noise: Noise) -> bool:
        """Whether the first h is drawn from ``fields`` too; recorded sweeps start from spins."""
        by_patterns = isinstance(fields, FactoredFixedPoint)
        return by_patterns or noise.is_recorded or is_exact_from(v)
