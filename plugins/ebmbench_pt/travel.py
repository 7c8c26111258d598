"""Which end of the ladder a walker has come from, and its round trips."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

UP, DOWN = 1, -1  # come from the hot end, from the cold end


class Travel(NamedTuple):
    """Where walkers, which swaps carry from rung to rung, have come from.

    Attributes:
        heading: UP, DOWN, or 0 where an end has not been seen, (R, T N) int8, rung after rung.
        trips: from the hot end to the cold one and back, all walkers' so far, (R,) int64.
    """

    heading: Tensor
    trips: Tensor

    @classmethod
    def begun(cls, heading: Tensor) -> Travel:
        """Nowhere yet; those that stand at the hot end are counted when they have moved."""
        return cls(heading, torch.zeros_like(heading[:, 0], dtype=torch.int64))

    def on(self, came_from: Tensor) -> Travel:
        """After swaps, by which each place has its walker from the rung ``came_from`` (R, T, N)."""
        heading = self.heading.view(came_from.shape).gather(1, came_from)
        hot, cold = heading[:, 0], heading[:, -1]
        trips = self.trips + (hot == DOWN).sum(1)
        arrived = torch.where(cold == UP, DOWN, cold)
        ends = torch.full_like(hot, UP).unsqueeze(1), arrived.unsqueeze(1)
        return Travel(torch.cat([ends[0], heading[:, 1:-1], ends[1]], 1).flatten(1), trips)
