"""An epoch's batches."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import Annotated, Literal

import torch
from pydantic import AfterValidator, Field
from torch import Tensor

from ebmbench.interfaces.component import Options
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Particles

SHARE = r"^1/\d+(\.\d+)?$"


def _of_an_epoch(share: str) -> str:
    if not re.match(SHARE, share) or float(share.removeprefix("1/")) < 1:
        raise ValueError("a share of an epoch, such as 1/7.5, and not above 1/1")
    return share


Rows = Annotated[int, Field(ge=1, le=1_000_000_000)]
Share = Annotated[str, AfterValidator(_of_an_epoch), Field(json_schema_extra={"pattern": SHARE})]


class Batching(Options):
    """How an epoch is cut into batches, in a new random order each epoch and replica."""

    size: Rows | Share = Field(
        description="B, rows per batch; or a share of an epoch's rows, as 1/7.5, which keeps the "
        "number of updates in an epoch on fewer rows"
    )
    last: Literal["fixed", "mean", "drop"] = Field(
        "mean",
        description="What a smaller last batch is divided by: the full size (fixed, as in the "
        "paper's code), its own (mean); or leave it out (drop)",
    )
    unlearning: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="Share of every data phase that is left out, so that the negative phase "
        "outweighs it by as much",
    )

    def rows(self, train: int) -> int:
        """B, rows per batch of ``train`` rows; a share's is rounded to the nearest."""
        if isinstance(self.size, int):
            return self.size
        return max(1, round(train / float(self.size.removeprefix("1/"))))

    def count(self, train: int) -> int:
        """Batches, hence updates, in an epoch of ``train`` rows."""
        size = self.rows(train)
        return train // size if self.last == "drop" else math.ceil(train / size)


def batches(train: Tensor, batching: Batching, noise: Noise) -> Iterator[Particles]:
    """One epoch of ``train`` (R, N, V) as particles (R, B, V), weighted 1/B each.

    The smaller last batch of n rows is weighted 1/n (mean) or 1/B (fixed) each.
    """
    rows, size = train.shape[1], batching.rows(train.shape[1])
    order = noise.permutation(rows)  # (R, N)
    pick = picker(train)
    for start in range(0, batching.count(rows) * size, size):
        chosen = order[:, start : start + size]
        v = pick(chosen)
        smaller = chosen.shape[1] < size
        if smaller and batching.last == "fixed":
            yield Particles(v, log_weight=v.new_full(v.shape[:2], -math.log(size)))
        else:
            yield Particles(v)


def picker(train: Tensor) -> Callable[[Tensor], Tensor]:
    """What picks rows of ``train`` (R, N, V): chosen ones (R, B) -> (R, B, V).

    Whole rows are copied; indexing by replica and row, which finds each number's place, takes
    several times as long.
    """
    R, N, V = train.shape
    shared = train.stride(0) == 0  # all replicas have the same rows in the same memory
    rows = train[0] if shared else train.reshape(R * N, V)
    first = 0 if shared else N * torch.arange(R, device=train.device).unsqueeze(1)

    def pick(chosen: Tensor) -> Tensor:
        return rows.index_select(0, (first + chosen).flatten()).view(*chosen.shape, V)

    return pick
