"""A few modes with unequal weights, and flips around them: does a method get the weights right?"""

from __future__ import annotations

from math import isclose
from typing import Annotated

import torch
from pydantic import Field, field_validator
from torch import Tensor

from ebmbench import Dataset, Noise, Splits
from ebmbench_data.image_shape import image_shape, kept

Weight = Annotated[float, Field(gt=0, le=1)]


class Modes(Dataset):
    """p(v) = sum_m w_m prod_i p(v_i given pattern m), each unit flipped with a small probability.

    Where modes are far apart in few units, chains hardly go from one to another, and what a method
    makes of their weights is what tells it from the others. The patterns are random spins, the same
    for all seeds; each seed draws rows of its own.
    """

    name = "modes"
    shared_rows = 1.0  # few units: rows come up again and again

    class Options(Dataset.Options):
        visible: int = Field(8, ge=2, le=10_000, description="V, units per row")
        weights: tuple[Weight, ...] = Field(
            (0.5, 0.25, 0.15, 0.1),
            min_length=1,
            max_length=1000,
            description="Of each mode; they sum to one",
        )
        flips: float = Field(0.03, ge=0, le=0.5, description="Probability that a unit is flipped")
        rows: int = Field(1000, ge=1, le=1_000_000, description="Rows to train on, as many to test")
        patterns: int = Field(
            0, ge=0, le=1_000_000, description="Which random patterns: the seed that they come from"
        )

        @field_validator("weights")
        @classmethod
        def _sum_to_one(cls, weights: tuple[float, ...]) -> tuple[float, ...]:
            if not isclose(sum(weights), 1, abs_tol=1e-6):
                raise ValueError(f"they sum to {sum(weights):g}, not to one")
            return weights

    def load(self, noise: Noise) -> Splits:
        V = self.options.visible
        train, test = self._rows(noise), self._rows(noise)
        shape = image_shape(V, None, self.name)
        return Splits(train, test, shape, kept("top-half", shape, noise.device))

    def centres(self) -> Tensor:
        """The patterns, (modes, V) spins, all of them different where there are enough states."""
        V, count = self.options.visible, len(self.options.weights)
        drawn = Noise([self.options.patterns], "modes").coins(64 * count, V)[0]
        different = list(dict.fromkeys(tuple(row) for row in drawn.tolist()))
        return torch.tensor(different[:count] + different[:1] * (count - len(different)))

    def _rows(self, noise: Noise) -> Tensor:
        o, device = self.options, noise.device
        edges = torch.tensor(o.weights, dtype=torch.float64, device=device).cumsum(0)
        which = torch.searchsorted(edges, noise.uniform(o.rows, 1)[..., 0].double(), right=True)
        centres = self.centres().to(device)[which.clamp(max=len(o.weights) - 1)]
        flipped = noise.uniform(o.rows, o.visible) < o.flips
        return torch.where(flipped, -centres, centres)
