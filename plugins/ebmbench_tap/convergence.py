"""Whether the TAP equations are solved where a training stands."""

from __future__ import annotations

from typing import cast

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import GibbsKernel, Metric, Model, Sampler, Splits, TwoLayer, View, not_two_layers
from ebmbench_tap.magnetisations import Expansion, Magnetisations
from ebmbench_tap.tap import TAP


class TAPConvergence(Metric):
    """max |m - tanh(a + W n - m W^2 (1 - n^2))|, and of n: by how much the equations are missed.

    Of the solutions that the sampler tap goes on from, at this moment's parameters: ``residual``
    is the largest of all units and all solutions, ``converged`` the share of solutions that miss
    by less than ``tolerance``, and ``log_z`` the largest -G of those that do, nearly log Z while
    couplings are weak; NaN where none does. With other samplers there is nothing to measure.

    Source: Gabrie, Tramel and Krzakala 2015.
    """

    name = "tap-convergence"
    cites = ("gabrie2015",)
    parts = ("residual", "converged", "log_z")
    unit = {"log_z": "nats"}
    better = {"residual": "lower", "converged": "higher"}
    range = {"residual": (0.0, 2.0), "converged": (0.0, 1.0)}
    missing = {"log_z": "no solution has converged"}

    class Options(Metric.Options):
        tolerance: float = Field(
            0.01, gt=0, le=2, description="By how much a solution may miss an equation"
        )

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        return not_two_layers(model)

    def supports_sampler(self, sampler: Sampler) -> str | None:
        return None if isinstance(sampler, TAP) else "it is of sampler 'tap' alone"

    @torch.no_grad()
    def measure(self, view: View) -> dict[str, Tensor]:
        if not isinstance(view.sampler, TAP) or not isinstance(view.state, Magnetisations):
            return {}
        couplings = cast(TwoLayer, view.model).couplings()
        expansion = Expansion.of(couplings, view.sampler.options.order)
        residual = expansion.residual(view.state)
        solved = residual < self.options.tolerance
        G = torch.where(solved, expansion.free_energy(view.state), torch.inf).amin(1)
        return {
            "residual": residual.amax(1),
            "converged": solved.double().mean(1),
            "log_z": torch.where(solved.any(1), -G, torch.nan),
        }
