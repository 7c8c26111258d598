"""Regularised axons: weights made of patterns, and three ways to bring patterns back to spins."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Literal, NamedTuple

import torch
from pydantic import Field
from torch import Tensor

from ebmbench.interfaces.component import Options
from ebmbench.interfaces.cost import Cost, product_cost
from ebmbench.interfaces.model import Moment
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.phases import Phase, phase_in_parts, rows_of_part

Resample = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
"""One Gibbs step of a model from its patterns: (xi_v, xi_h) -> (xi_v, xi_h)."""


class Binarize(Options):
    """Appendix B of Pozas-Kerstjens et al. 2021: rules (a) sign, (b) clip, (c) gibbs (eq. B2)."""

    rule: Literal["sign", "clip", "gibbs", "none"] = Field(
        "sign",
        description="sign of each component; clip to [-bound, bound]; one Gibbs step of the "
        "model from the visible patterns; or none",
    )
    every: Literal["update", "epoch"] | Annotated[int, Field(ge=1, le=1_000_000_000)] = Field(
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


class Patterns(NamedTuple):
    """W = scale xi_v' xi_h: the weights that K patterns make, eq. 5 of Pozas-Kerstjens et al. 2021.

    For models of regularised axons, whose parameters are the patterns. Fields and
    phases are thin products, and so are a kernel's where that is less.

    Attributes:
        xi_v: (R, K, V).
        xi_h: (R, K, H).
        scale: a number, the same for all replicas, such as 1/sqrt(K).
    """

    xi_v: Tensor
    xi_h: Tensor
    scale: float

    def hidden_field(self, v: Tensor) -> Tensor:
        """x = scale (v xi_v') xi_h, (R, N, V) -> (R, N, H)."""
        return (self.scale * (v @ self.xi_v.mT)) @ self.xi_h

    def visible_field(self, h: Tensor) -> Tensor:
        """scale (h xi_h') xi_v, (R, N, H) -> (R, N, V)."""
        return (self.scale * (h @ self.xi_h.mT)) @ self.xi_v

    def weights(self) -> Tensor:
        """W, formed here, (R, V, H)."""
        return self.xi_v.mT @ self.xi_h * self.scale

    def phase(self, particles: Particles, mean: Callable[[Tensor], Tensor]) -> Phase:
        """dE/dxi_v[k] = -scale (xi_h[k].t) v, dE/dxi_h[k] = -scale (xi_v[k].v) t, averaged.

        Args:
            particles: what to average over; t = h where h is given.
            mean: <h> given the field x, (R, N, H) -> (R, N, H): what t is where h is not given.
        """
        return phase_in_parts(particles, self.xi_h.shape[2], partial(self._phase_of_part, mean))

    def _phase_of_part(self, mean: Callable[[Tensor], Tensor], particles: Particles) -> Phase:
        v, h, _ = particles
        overlap_v = v @ self.xi_v.mT  # (R, N, K)
        t = mean((self.scale * overlap_v) @ self.xi_h) if h is None else h
        overlap_h = t @ self.xi_h.mT  # (R, N, K)
        weighted_h, weighted_v = (
            -self.scale * particles.weighted(overlap) for overlap in (overlap_h, overlap_v)
        )
        return weighted_h.mT @ v, weighted_v.mT @ t

    def phase_cost(self, particles: int) -> Cost:
        """Two overlaps, the field, and two thin products: 2 K (V + H) + K H per particle.

        Fields are held, then their means, for a part of the particles at a time.
        """
        K, H = self.xi_h.shape[1:]
        joint = self.joint_phase_cost(particles)
        return (joint + product_cost(particles, K, H))._replace(held=joint.held)

    def joint_phase_cost(self, particles: int) -> Cost:
        """The same without the field, where h is given: 2 K (V + H) per particle."""
        (_, K, V), H, N = self.xi_v.shape, self.xi_h.shape[2], particles
        overlaps = product_cost(N, V, K) + product_cost(N, H, K)
        gradients = product_cost(K, N, V) + product_cost(K, N, H)
        part = min(N, rows_of_part(H))
        return (overlaps + gradients)._replace(held=4.0 * (part * (H + 2 * K) + K * (V + H)))

    def project(self, binarize: Binarize, when: Moment, resample: Resample) -> None:
        """Bring the patterns back to spins, in place, where the schedule says so."""
        if not binarize.is_due(when):
            return
        with torch.no_grad():
            xi_v, xi_h = binarize.apply(self.xi_v, self.xi_h, resample)
            self.xi_v.copy_(xi_v)
            self.xi_h.copy_(xi_h)


def spin_sign(xi: Tensor) -> Tensor:
    """The nearest spins: +1 where xi >= 0, else -1. Unlike torch.sign it never gives 0."""
    return torch.where(xi >= 0, 1.0, -1.0).to(xi.dtype)
