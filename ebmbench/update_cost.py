"""What one training update costs on this machine, phase by phase, alone and side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add

import torch

from ebmbench.calibrated import Timing, calibrated
from ebmbench.cost import Cost
from ebmbench.floor import Floor, Limit, limit
from ebmbench.recipe import Recipe
from ebmbench.stopwatch import PHASES
from ebmbench.update import Update


@dataclass(frozen=True)
class Measured:
    """An update of ``replicas`` replicas.

    Attributes:
        timings: by phase, of all replicas together.
        seconds: by phase, one replica's share: the median over the rounds.
        limits: by phase, of one replica's share.
        limit: of all phases together.
    """

    replicas: int
    timings: Mapping[str, Timing]
    seconds: Mapping[str, float]
    limits: Mapping[str, Limit]
    limit: Limit

    @property
    def total_seconds(self) -> float:
        """One replica's share of all phases."""
        return sum(self.seconds.values())


def measure_update(
    recipe: Recipe, counted: Mapping[str, Cost], replicas: int, rounds: int, floor: Floor
) -> Measured:
    """Measure one update of so many replicas in at least so many rounds per phase."""
    update, device = Update(recipe, range(replicas)), torch.device(recipe.device)
    if device.type == "cuda":
        update.until_recorded()
    timings = {phase: calibrated(call, device, rounds) for phase, call in update.phases.items()}
    seconds = {phase: timing.median / replicas for phase, timing in timings.items()}
    limits = {phase: limit(counted[phase], seconds[phase], floor) for phase in PHASES}
    total = reduce(add, counted.values())
    return Measured(replicas, timings, seconds, limits, limit(total, sum(seconds.values()), floor))
