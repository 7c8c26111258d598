"""The three ways of appendix B to bring patterns back to spins, and their schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import Moment, Noise, Options

if TYPE_CHECKING:
    from ebmbench_rapid.ra_rbm import RARBM


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

    def apply(self, model: RARBM, noise: Noise) -> None:
        """Bring the patterns of all replicas back, in place."""
        if self.rule == "sign":
            model.xi_v.copy_(spin_sign(model.xi_v))
            model.xi_h.copy_(spin_sign(model.xi_h))
        elif self.rule == "clip":
            model.xi_v.clamp_(-self.bound, self.bound)
            model.xi_h.clamp_(-self.bound, self.bound)
        elif self.rule == "gibbs":
            xi_h = noise.spins(model.hidden_field(model.xi_v))
            xi_v = noise.spins(model.visible_field(xi_h))
            model.xi_v.copy_(xi_v)
            model.xi_h.copy_(xi_h)


def spin_sign(xi: Tensor) -> Tensor:
    """The nearest spins: +1 where xi >= 0, else -1. Unlike torch.sign it never gives 0."""
    return torch.where(xi >= 0, 1.0, -1.0).to(xi.dtype)
