"""A dataset of the size of MNIST's images."""

from __future__ import annotations

import torch

from ebmbench import Dataset, Splits


class Wide(Dataset):
    """Coins of the size of MNIST's images, each replica's own."""

    name = "wide"

    class Options(Dataset.Options):
        rows: int

    def load(self, noise):
        v = noise.coins(self.options.rows, 784)
        return Splits(v[:, :-1], v[:, -1:], (28, 28), torch.ones(784, dtype=torch.bool))
