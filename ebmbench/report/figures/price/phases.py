"""An update of each method by phase: what it took, and what the machine would allow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ebmbench.interfaces.cost import Cost
from ebmbench.summary import Leaderboard, UpdateCost
from ebmbench.training.stopwatch import PHASES

Floor = Callable[[Cost], float]
"""What is counted -> the seconds that it would take at the machine's roofline."""


class Update(NamedTuple):
    """An update of a method, one replica's share.

    Attributes:
        method: whose.
        seconds: measured, by phase.
        counted: operations, by phase.
        floor: seconds at the machine's roofline, by phase; empty where none is known.
    """

    method: str
    seconds: Mapping[str, float]
    counted: Mapping[str, Cost]
    floor: Mapping[str, float]


@dataclass(frozen=True)
class Phases:
    """An update of every method, in the suite's order."""

    updates: Sequence[Update]
    title: str = "an update, one replica's share"

    @property
    def has_floor(self) -> bool:
        """Whether the machine's roofline is known."""
        return any(update.floor for update in self.updates)


def phases(board: Leaderboard, floor: Floor | None = None) -> Phases | None:
    """Of all methods that made updates; None where there are none."""
    found = [_update(row.method, row.cost, floor) for row in board.rows if row.cost]
    return Phases(found) if found else None


def _update(method: str, cost: UpdateCost, floor: Floor | None) -> Update:
    lowest = {phase: floor(cost.counted[phase]) for phase in PHASES} if floor else {}
    return Update(method, cost.seconds, cost.counted, lowest)
