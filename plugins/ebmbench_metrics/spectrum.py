"""Singular values of the weights."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import GibbsKernel, Metric, Model, Splits, TwoLayer, View


class Spectrum(Metric):
    """Singular values of W, largest first: how many directions a model has learned.

    Decelle, Fissore and Furtlehner 2017; fig. 4 of Pozas-Kerstjens et al. 2021. Parts: 1, 2, ...
    """

    name = "spectrum"
    cites = ("decelle2017", "pozaskerstjens2021")
    range = (0.0, None)

    class Options(Metric.Options):
        values: int = Field(16, ge=1, le=1000, description="Singular values at the most")

    @classmethod
    def parts_with(cls, options: Any) -> Collection[str]:
        return [str(index + 1) for index in range(options.values)]

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        if isinstance(model, TwoLayer):
            return None
        return f"the model '{model.name}' has no weights between two layers"

    @torch.no_grad()
    def measure(self, view: View) -> dict[str, Tensor]:
        assert isinstance(view.model, TwoLayer)
        values = torch.linalg.svdvals(view.model.couplings().W)  # (R, min(V, H))
        chosen = values[:, : self.options.values].unbind(1)
        return {str(index): value for index, value in enumerate(chosen, start=1)}
