"""Real numbers."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from ebmbench.numerics.noise import Noise
from ebmbench.numerics.units.units import Units


@dataclass(frozen=True)
class Reals(Units):
    """Any finite number in each column; likelihoods are those of a density."""

    def __str__(self) -> str:
        return "real numbers"

    def fault_of(self, rows: Tensor) -> str | None:
        found = rows[~rows.isfinite()]
        return f"holds {found[0].item():g}, which is not finite" if len(found) else None

    def random(self, rows: int, visible: int, noise: Noise) -> Tensor:
        """Standard normal numbers."""
        return noise.normal(rows, visible)

    def states(self, visible: int) -> None:
        """There are more than can be counted."""
        return

    def index_of(self, rows: Tensor) -> Tensor:
        raise TypeError("real numbers are not in a list of states")


REALS = Reals()
