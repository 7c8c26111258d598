"""Spins."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ebmbench.numerics.noise import Noise
from ebmbench.numerics.units.units import Units

SHOWN = 3  # numbers that a message shows


@dataclass(frozen=True)
class Spins(Units):
    """+1 or -1 in each column. Bits of a file, 0 and 1, are made spins by 2 b - 1."""

    def __str__(self) -> str:
        return "spins, +1 or -1"

    def fault_of(self, rows: Tensor) -> str | None:
        found = rows[rows.abs() != 1]
        if not len(found):
            return None
        shown = ", ".join(f"{each:g}" for each in found[:SHOWN].tolist())
        return f"holds {shown} where spins are +1 or -1 (of bits b, spins are 2 b - 1)"

    def random(self, rows: int, visible: int, noise: Noise) -> Tensor:
        """Fair coins."""
        return noise.coins(rows, visible)

    def states(self, visible: int) -> Tensor:
        """All 2^V; the last column changes first, from -1 to +1."""
        codes = torch.arange(2**visible).unsqueeze(1)
        return 2.0 * (codes >> torch.arange(visible - 1, -1, -1) & 1) - 1

    def index_of(self, rows: Tensor) -> Tensor:
        place = 2 ** torch.arange(rows.shape[-1] - 1, -1, -1, device=rows.device)
        return ((rows > 0) * place).sum(-1)


SPINS = Spins()
