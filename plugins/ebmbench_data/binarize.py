"""From grey levels to spins."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

import torch
from pydantic import Field, model_validator
from torch import Tensor

from ebmbench import Noise, Options
from ebmbench.numerics import REALS, SPINS, Units
from ebmbench_data.grey import Grey

AT_ONCE = 2**18  # numbers drawn at a time, per replica: what a draw needs beside its result
CERTAIN = 50.0  # a field of which a spin's rare value has probability e^-100


class Binarize(Options):
    """Spins by a threshold (the same in all replicas), or drawn with the level's probability.

    Or none: real numbers from 0 to 1, for models of real numbers.
    """

    rule: Literal["threshold", "bernoulli", "none"] = Field(
        "threshold",
        description="Up where a level is above a threshold, or with probability level / white; "
        "none: no spins but real numbers, level / white",
    )
    at: float = Field(0.3, ge=0, lt=1, description="The threshold, as a share of full scale")
    every: Literal["once", "epoch"] = Field(
        "once", description="bernoulli: draw the training rows once, or anew for each epoch"
    )

    @model_validator(mode="after")
    def _only_draws_can_be_repeated(self) -> Binarize:
        if self.rule != "bernoulli" and self.every == "epoch":
            what = "a threshold gives" if self.rule == "threshold" else "levels are"
            raise ValueError(f"{what} the same each epoch; use rule: bernoulli")
        return self

    @property
    def units(self) -> Units:
        """What the rows are."""
        return REALS if self.rule == "none" else SPINS

    def rows(self, grey: Grey, noise: Noise) -> Tensor:
        """(R, N, V) spins or levels, expanded where all replicas have the same."""
        if self.rule == "bernoulli":
            return bernoulli(grey, noise)
        if self.rule == "none":
            return (grey.levels.float() / grey.white).expand(noise.replicas, -1, -1)
        return threshold(grey, self.at).expand(noise.replicas, -1, -1)

    def redraw(self, grey: Grey) -> Callable[[Noise], Tensor] | None:
        """What draws the rows of an epoch; None where they stay."""
        return partial(bernoulli, grey) if self.every == "epoch" else None


def threshold(grey: Grey, at: float) -> Tensor:
    """+1 where level > at * white, else -1, (R, N, V) float32."""
    return torch.where(grey.levels > at * grey.white, 1.0, -1.0)


def bernoulli(grey: Grey, noise: Noise) -> Tensor:
    """+1 with probability level / white, else -1, (R, N, V) float32 (Salakhutdinov, Murray 2008).

    R are the noise's replicas. A level of 0 or of white leaves nothing to chance.
    """
    levels = grey.shared_by(noise.replicas).levels
    spins = torch.empty(levels.shape, device=noise.device)
    rows = max(1, AT_ONCE // levels.shape[-1])
    for start in range(0, levels.shape[1], rows):
        some = slice(start, start + rows)
        spins[:, some] = noise.spins(field_of(levels[:, some].float() / grey.white))
    return spins


def field_of(p: Tensor) -> Tensor:
    """The field x on a spin that is up with probability p = sigmoid(2x)."""
    return (torch.logit(p) / 2).clamp(-CERTAIN, CERTAIN)
