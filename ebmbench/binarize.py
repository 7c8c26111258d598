"""The three ways of appendix B to bring patterns back to spins, and their schedule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor

from ebmbench.component import Options
from ebmbench.schedule import Moment

Resample = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
"""One Gibbs step of a model from its patterns: (xi_v, xi_h) -> (xi_v, xi_h)."""


class Binarize(Options):
    """Appendix B of Pozas-Kerstjens et al. 2021: rules (a) sign, (b) clip, (c) gibbs (eq. B2)."""

    rule: Literal["sign", "clip", "gibbs", "none"] = Field(
        "sign",
        description="sign of each component; clip to [-bound, bound]; one Gibbs step of the "
        "model from the visible patterns; or none",
    )
    every: Literal["update", "epoch"] | Annotated[int, Field(ge=1)] = Field(
        "epoch", description="After each update, at each epoch's end, or each n updates"
    )
    bound: float = Field(1.0, gt=0, description="x of the clip rule")

    def is_due(self, when: Moment) -> bool:
        """Whether the patterns are brought back after this update."""
        if self.every == "epoch":
            return when.epoch_ends
        return when.update % (1 if self.every == "update" else self.every) == 0

    def apply(self, xi_v: Tensor, xi_h: Tensor, resample: Resample) -> tuple[Tensor, Tensor]:
        """The patterns (R, K, V) and (R, K, H) brought back; ``resample`` for the gibbs rule."""
        if self.rule == "sign":
            return spin_sign(xi_v), spin_sign(xi_h)
        if self.rule == "clip":
            return xi_v.clamp(-self.bound, self.bound), xi_h.clamp(-self.bound, self.bound)
        if self.rule == "gibbs":
            return resample(xi_v, xi_h)
        return xi_v, xi_h


def spin_sign(xi: Tensor) -> Tensor:
    """The nearest spins: +1 where xi >= 0, else -1. Unlike torch.sign it never gives 0."""
    return torch.where(xi >= 0, 1.0, -1.0).to(xi.dtype)
