"""What an update costs, measured and counted, and what an epoch of updates does.

Methods differ in their batch size, so their updates are not alike; an epoch, one pass over the
training data, is. Negative phases are therefore compared per epoch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import nan
from operator import add
from statistics import fmean

from ebmbench.interfaces.cost import Cost
from ebmbench.journal.documents import CellRecord
from ebmbench.training.stopwatch import PHASES


@dataclass(frozen=True)
class UpdateCost:
    """One update of one replica, measured and counted per phase of :data:`PHASES`.

    Attributes:
        seconds: measured; the replica's share of its block's time.
        counted: whatever the machine.
        updates: of a whole training; NaN where no seed finished one.
        updates_per_epoch: on average over the training; NaN likewise.
    """

    seconds: Mapping[str, float]
    counted: Mapping[str, Cost]
    updates: float
    updates_per_epoch: float

    @property
    def total_seconds(self) -> float:
        """All phases together."""
        return sum(self.seconds.values())

    @property
    def total(self) -> Cost:
        """All phases together."""
        return reduce(add, self.counted.values())

    @property
    def negative_per_epoch(self) -> Cost:
        """The negative phases of one epoch, counted."""
        return self.counted["negative"] * self.updates_per_epoch

    @property
    def negative_seconds_per_epoch(self) -> float:
        """The negative phases of one epoch, measured."""
        return self.seconds["negative"] * self.updates_per_epoch


@dataclass(frozen=True)
class Ratio:
    """The negative phases of an epoch in units of the baseline's; NaN where its are 0."""

    macs: float
    seconds: float


def update_cost(epochs: int, records: Sequence[CellRecord]) -> UpdateCost | None:
    """The mean over one method's seeds; None where no seed made an update."""
    costs = [r.cost for r in records if r.cost and r.cost.updates]
    if not costs:
        return None
    updates = _updates(records)
    return UpdateCost(
        {p: fmean(c.seconds[p] / c.updates for c in costs) for p in PHASES},
        {p: _mean_cost([c.counted[p] for c in costs]) for p in PHASES},
        updates,
        updates / epochs,
    )


def negative_ratio(cost: UpdateCost | None, baseline: UpdateCost | None) -> Ratio | None:
    """None where either side has no cost."""
    if cost is None or baseline is None:
        return None
    return Ratio(
        _share(cost.negative_per_epoch.macs, baseline.negative_per_epoch.macs),
        _share(cost.negative_seconds_per_epoch, baseline.negative_seconds_per_epoch),
    )


def _updates(records: Sequence[CellRecord]) -> float:
    """A training that diverged may have ended early: only those that are done count."""
    done = [r.cost.updates for r in records if r.status == "done" and r.cost]
    return fmean(done) if done else nan


def _mean_cost(costs: Sequence[Cost]) -> Cost:
    return Cost(*map(fmean, zip(*costs, strict=True)))  # held, too: all seeds are alike


def _share(mine: float, theirs: float) -> float:
    return mine / theirs if theirs else nan
