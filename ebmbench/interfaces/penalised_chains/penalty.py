"""The autocorrelation penalty: when there is one, how strong, and its slope."""

from __future__ import annotations

from typing import cast

import torch
from pydantic import Field
from torch import Tensor

from ebmbench.interfaces.component import Options
from ebmbench.interfaces.model import Model
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.phases import Phase, phase_of_slopes
from ebmbench.numerics.spin_functions import mean_spin_
from ebmbench.numerics.two_layer import Couplings, TwoLayer

NEAR = 1.8  # thresholds, below which a penalty grows by less


class Penalty(Options):
    """When chains are penalised for remembering where they began."""

    threshold: float | None = Field(
        None,
        ge=0.001,
        le=0.5,
        description="Autocorrelation over an update's steps above which the model's correlations "
        "are penalised, the more the longer it stays there; null: never",
    )
    every: int = Field(
        100, ge=1, le=1_000_000, description="Updates over which it is averaged, and between looks"
    )
    floor: float = Field(
        0.001, ge=0, le=1, description="Strength at which a penalty begins, and below which it ends"
    )


def adapted(strength: Tensor, now: Tensor, before: Tensor, penalty: Penalty) -> Tensor:
    """The strength of a penalty after a look, (R,)."""
    threshold = cast(float, penalty.threshold)
    growing = 1.2 + 0.3 * (now >= NEAR * threshold).double()
    above = torch.where(now > before, growing, 0.95)
    factor = torch.where(now < threshold, 0.6 + 0.2 * now / threshold, above)
    new = strength.clamp(min=penalty.floor) * factor
    return torch.where(new < penalty.floor, 0.0, new)


@torch.no_grad()
def penalised(model: Model, phase: Phase, particles: Particles, strength: Tensor) -> Phase:
    """The phase with lam (<v><h>' - <v h'>) added in W, and to what the model makes W of."""
    vh, v, h = _sums(model, phase, particles)
    weight = particles.weights.sum(1).view(-1, 1, 1)
    away = v.unsqueeze(2) * h.unsqueeze(1) / weight - vh
    slope = strength.to(away.dtype).view(-1, 1, 1) * away
    if model.is_its_couplings:
        return phase[0] + slope, *phase[1:]
    more = phase_of_slopes(model, Couplings(slope, None, None))
    return tuple(part + its for part, its in zip(phase, more, strict=True))


def tells_means(model: Model) -> bool:
    """Whether a phase consists of -<v h'>, -<v> and -<h>."""
    biases = cast(TwoLayer, model).couplings()[1:]
    return model.is_its_couplings and all(each is not None for each in biases)


def _sums(model: Model, phase: Phase, particles: Particles) -> tuple[Tensor, Tensor, Tensor]:
    """Weighted sums of v h' (R, V, H), v (R, V) and h (R, H)."""
    if tells_means(model):
        vh, v, h = phase
        return -vh, -v, -h
    t = particles.h
    if t is None:
        t = mean_spin_(cast(TwoLayer, model).hidden_field(particles.v).contiguous())
    weighted = particles.weighted(particles.v)
    return weighted.mT @ t, weighted.sum(1), particles.weighted(t).sum(1)
