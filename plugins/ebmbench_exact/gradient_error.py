"""How far a sampler's negative phase is from the exact one."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.linalg import vector_norm

from ebmbench import GibbsKernel, Metric, Model, Phase, Splits, View
from ebmbench_exact.enumeration import enumerator, not_enumerable
from ebmbench_exact.exact import exact_phase, shared_negative


class GradientError(Metric):
    """||g - g_exact|| / ||g_exact|| of the negative phase g = <dF>_model, at the same parameters.

    Parts ``relative``, as above, and ``cosine``, g . g_exact / (||g|| ||g_exact||), which forgives
    a wrong length. g is taken from the sampler's state as it stands, with the training set (its
    first 1000 rows) as the batch. NaN where a norm that divides is 0, and for a replica that
    diverged. Lower is better for ``relative``; ``cosine`` is best at 1.

    Source: our own; the exact phase as in Pozas-Kerstjens et al. 2021, appendix A.
    """

    name = "gradient-error"
    cites = ("pozaskerstjens2021",)
    parts = ("relative", "cosine")
    missing = "a gradient that divides is 0"
    better = {"relative": "lower", "cosine": "higher"}
    range = {"relative": (0.0, None), "cosine": (-1.0, 1.0)}
    needs_negative = True

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        return not_enumerable(model)

    def measure(self, view: View) -> dict[str, Tensor]:
        exact = flat(exact_phase(view.model, view.once(enumerator(view.kernel))))
        phase = flat(shared_negative(view).phase)
        return {"relative": relative_error(phase, exact), "cosine": cosine(phase, exact)}


def flat(phase: Phase) -> Tensor:
    """All parameters' derivatives in a row, (R, parameters) float64."""
    return torch.cat([part.detach().double().flatten(1) for part in phase], dim=1)


def relative_error(g: Tensor, exact: Tensor) -> Tensor:
    """||g - exact|| / ||exact||, (R, M) -> (R,); NaN where exact is 0."""
    norm = vector_norm(exact, dim=1)
    return torch.where(norm > 0, vector_norm(g - exact, dim=1) / norm, torch.nan)


def cosine(g: Tensor, exact: Tensor) -> Tensor:
    """The cosine of the angle between ``g`` and ``exact``, (R, M) -> (R,); NaN where one is 0."""
    norms: Tensor = vector_norm(g, dim=1) * vector_norm(exact, dim=1)
    return (g * exact).sum(dim=1) / norms  # 0 / 0 is NaN
