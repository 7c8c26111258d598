"""Data without structure."""

from __future__ import annotations

from pydantic import Field

from ebmbench import Dataset, Noise, Splits
from ebmbench_data.image_shape import image_shape, kept


class Coins(Dataset):
    """p(v) = 2^-V: fair coins, nothing to learn, each seed its own.

    For suites about models as they are before training (fig. 1 of Pozas-Kerstjens et al. 2021),
    and to see what a method makes of noise.
    """

    name = "coins"

    class Options(Dataset.Options):
        visible: int = Field(20, ge=1, le=100_000, description="V, coins per row")
        rows: int = Field(100, ge=1, le=1_000_000, description="Rows to train on, as many to test")

    def load(self, noise: Noise) -> Splits:
        V, rows = self.options.visible, self.options.rows
        train, test = noise.coins(rows, V), noise.coins(rows, V)
        shape = image_shape(V, None, self.name)
        return Splits(train, test, shape, kept("top-half", shape, noise.device))
