"""Snapshots of the square Ising model: a law that is known, with one temperature to turn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import Dataset, Noise, Splits
from ebmbench_data.image_shape import kept
from ebmbench_data.ising_clusters import cluster_snapshots
from ebmbench_data.ising_law import entropy, log_z
from ebmbench_data.ising_transfer import LARGEST, independent_snapshots


class Ising(Dataset):
    """p(v) = exp(beta sum over neighbours v_i v_j) / Z, spins on a square that closes on itself.

    Ising 1925; ordered above beta = 0.4407 (Onsager 1944). Up to 10 x 10 rows are independent draws
    from the law itself, by transfer matrices, exact to float64. Beyond, they are cluster updates of
    all clusters (Swendsen and Wang 1987): ``chains`` of each seed start all up, and give a row
    after every ``between`` updates once ``warm_up`` are made. Where beta is critical, updates
    forget the energy in about 5 at 32 x 32.

    log Z is known at any size (Kaufman 1949), and with it the entropy, which is the least negative
    log-likelihood that a model can have: ``log_z()`` and ``entropy()``.
    """

    name = "ising"
    cites = ("ising1925", "onsager1944", "swendsen1987", "kaufman1949")
    shared_rows = 1.0  # few units, or cold: rows come up again and again

    class Options(Dataset.Options):
        size: int = Field(4, ge=3, le=128, description="Squares are size x size")
        beta: float = Field(
            0.44, ge=0, le=10, description="Inverse temperature, of couplings of 1 and no field"
        )
        rows: int = Field(1000, ge=1, le=1_000_000, description="Rows to train on")
        test: int | None = Field(
            None, ge=1, le=1_000_000, description="Rows to test on; by default as many"
        )
        chains: int = Field(
            100, ge=1, le=10_000, description=f"Beyond {LARGEST} x {LARGEST}: chains of each seed"
        )
        warm_up: int = Field(
            200,
            ge=1,
            le=1_000_000,
            description=f"Beyond {LARGEST} x {LARGEST}: updates before a chain's first row",
        )
        between: int = Field(
            10,
            ge=1,
            le=1_000_000,
            description=f"Beyond {LARGEST} x {LARGEST}: updates from a chain's row to the next",
        )

    @classmethod
    def examples(cls, folder: Path) -> Sequence[dict[str, Any]]:
        """A size for either way to draw."""
        large = {"size": LARGEST + 1, "rows": 30, "chains": 13, "warm_up": 20, "between": 3}
        return [{}, large]

    def load(self, noise: Noise) -> Splits:
        o = self.options
        train, test = self._rows(o.rows, noise), self._rows(o.test or o.rows, noise)
        shape = (o.size, o.size)
        return Splits(train, test, shape, kept("top-half", shape, noise.device))

    def log_z(self) -> float:
        """log Z in nats."""
        return log_z(self.options.size, self.options.beta)

    def entropy(self) -> float:
        """-sum p log p in nats: no model's negative log-likelihood is less."""
        return entropy(self.options.size, self.options.beta)

    def _rows(self, rows: int, noise: Noise) -> Tensor:
        """(R, rows, V) spins."""
        o = self.options
        if o.size <= LARGEST:
            found = independent_snapshots(o.size, o.beta, rows, noise)
        else:
            chains = min(o.chains, rows)
            found = cluster_snapshots(o.size, o.beta, rows, chains, o.warm_up, o.between, noise)
        return found.to(noise.device, torch.float32)
