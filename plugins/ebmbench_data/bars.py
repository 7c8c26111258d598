"""Bars: images whose columns are each all up or all down."""

from __future__ import annotations

from typing import Literal

import torch
from pydantic import Field, model_validator
from torch import Tensor

from ebmbench import Dataset, Noise, Splits
from ebmbench_data.pairs import in_pairs, split_pairs

PUBLISHED_TRAIN = ("1000", "1100", "1110", "1011", "1101")
PUBLISHED_TEST = ("1010", "1001")


class Bars(Dataset):
    """v[row, column] = s[column] for all spins s but the two uniform ones: 2^size - 2 images.

    MacKay 2003, section 43; ``split: published`` is the 4x4 split of Pozas-Kerstjens et al. 2021
    (figs. 2-4): 10 images to train on, 4 to test. Reconstructions are given the top row.
    """

    name = "bars"
    cites = ("mackay2003", "pozaskerstjens2021")

    class Options(Dataset.Options):
        size: int = Field(4, ge=2, le=16, description="Images are size x size")
        split: Literal["published", "random", "shared"] = Field(
            "random",
            description="The paper's 4x4 split, or one that keeps each image with its negative: "
            "random, each seed its own, or one that all seeds share",
        )
        test: float = Field(
            0.2, gt=0, lt=1, description="Share of the images that a random split holds out"
        )

        @model_validator(mode="after")
        def _published_is_4x4(self) -> Bars.Options:
            if self.split == "published" and self.size != 4:
                raise ValueError("the published split is of 4x4 images; use split: random")
            return self

    def load(self, noise: Noise) -> Splits:
        size = self.options.size
        if self.options.split != "published":
            return split_pairs(bar_images(size), size, self.options.test, self.options.split, noise)
        train, test = (
            _bars_of(codes).to(noise.device).unsqueeze(0)
            for codes in (PUBLISHED_TRAIN, PUBLISHED_TEST)
        )
        return in_pairs(train, test, size, noise.replicas)


def bar_images(size: int) -> Tensor:
    """One of each pair of a bar image and its negative, (2^(size - 1) - 1, size^2) spins."""
    codes = torch.arange(1, 2 ** (size - 1))
    columns = (codes.unsqueeze(1) >> torch.arange(size)) & 1  # (pairs, size)
    return (2.0 * columns - 1).repeat(1, size)


def _bars_of(codes: tuple[str, ...]) -> Tensor:
    columns = torch.tensor([[2.0 * int(bit) - 1 for bit in code] for code in codes])
    return columns.repeat(1, columns.shape[1])
