"""Bars and stripes."""

from __future__ import annotations

import torch
from pydantic import Field

from ebmbench import Dataset, Noise, Splits
from ebmbench_data.bars import bar_images
from ebmbench_data.pairs import split_pairs
from ebmbench_data.split import Split


class BarsAndStripes(Dataset):
    """v[row, column] = s[column] or s[row], but no uniform image: 2 (2^size - 2) images.

    MacKay 2003, section 43; 12x12 (8188 images, 80/20) is fig. 5 of Pozas-Kerstjens et al. 2021.
    Reconstructions are given the top row.
    """

    name = "bas"
    cites = ("mackay2003", "pozaskerstjens2021")

    class Options(Dataset.Options):
        size: int = Field(4, ge=2, le=16, description="Images are size x size")
        split: Split = Field(
            "random",
            description="A split that keeps each image with its negative: random, each seed its "
            "own, or one that all seeds share",
        )
        test: float = Field(0.2, gt=0, lt=1, description="Share of the images held out")

    def load(self, noise: Noise) -> Splits:
        size = self.options.size
        bars = bar_images(size)
        stripes = bars.reshape(-1, size, size).mT.reshape(-1, size * size)
        images, options = torch.cat([bars, stripes]), self.options
        return split_pairs(images, size, options.test, options.split, noise)
