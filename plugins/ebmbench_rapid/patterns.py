"""The patterns of a model as pictures, and how they lie to the data and to each other."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor

from ebmbench import Depiction, GibbsKernel, Images, Metric, Model, Splits, View
from ebmbench.numerics import mean_overlap, nearest
from ebmbench_rapid.pid import Patterned, is_patterned


class Patterns(Metric):
    """The K visible patterns xi as pictures, and their overlaps with the data and each other.

    Parts ``nearest``, the mean over the patterns of the largest |xi.v| / V over the training
    images (1 where every pattern, or its negative, is one of them), and ``pairwise``, the mean of
    |xi.xi'| / V over pairs of patterns, NaN for a single one. Patterns are taken as they stand;
    the picture ``images`` shows them clipped to [-1, 1].

    Source: Pozas-Kerstjens et al. 2021, fig. 7.
    """

    name = "patterns"
    cites = ("pozaskerstjens2021",)
    parts = ("nearest", "pairwise")
    missing = {"pairwise": "a single pattern is no pair"}
    range = (0.0, None)

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        return no_patterns(model)

    @torch.no_grad()
    def measure(self, view: View) -> dict[str, Tensor | Depiction]:
        xi = cast(Patterned, view.model).xi_v  # supports() has looked
        return {
            "nearest": nearest(xi, view.data.train).overlap.mean(1),
            "pairwise": mean_overlap(xi),
            "images": Images(xi.clamp(-1, 1), view.data.image),
        }


def no_patterns(model: Model) -> str | None:
    """Why there is no pattern to look at; None if there is one."""
    if is_patterned(model):
        return None
    return f"the model '{model.name}' has no patterns"
