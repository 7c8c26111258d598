"""An epoch's batches."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

from pydantic import Field
from torch import Tensor

from ebmbench.interfaces.component import Options
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Particles


class Batching(Options):
    """How an epoch is cut into batches, in a new random order each epoch and replica."""

    size: int = Field(ge=1, description="B, rows per batch")
    last: Literal["fixed", "mean", "drop"] = Field(
        "mean",
        description="What a smaller last batch is divided by: the full size (fixed, as in the "
        "paper's code), its own (mean); or leave it out (drop)",
    )

    def count(self, rows: int) -> int:
        """Batches, hence updates, in an epoch of ``rows`` rows."""
        return rows // self.size if self.last == "drop" else math.ceil(rows / self.size)


def batches(train: Tensor, batching: Batching, noise: Noise) -> Iterator[Particles]:
    """One epoch of ``train`` (R, N, V) as particles (R, B, V), weighted 1/B each.

    The smaller last batch of n rows is weighted 1/n (mean) or 1/B (fixed) each.
    """
    rows, size = train.shape[1], batching.size
    order = noise.permutation(rows)  # (R, N)
    for start in range(0, batching.count(rows) * size, size):
        chosen = order[:, start : start + size]
        v = train.gather(1, chosen.unsqueeze(-1).expand(-1, -1, train.shape[-1]))
        smaller = chosen.shape[1] < size
        if smaller and batching.last == "fixed":
            yield Particles(v, log_weight=v.new_full(v.shape[:2], -math.log(size)))
        else:
            yield Particles(v)
