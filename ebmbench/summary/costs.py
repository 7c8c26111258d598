"""What an update costs, measured and counted, and what an epoch of updates does.

A measured time is a median over updates: the mean is that of a machine with other work, and says
little of the method. Where the two differ, or the CPU computed for a part of the time only, the
report says so.

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
from ebmbench.journal.documents import CellCost, CellRecord
from ebmbench.training.stopwatch import PHASES

BUSY = 1.5  # times the undisturbed time, from which on a reader is told


@dataclass(frozen=True)
class UpdateCost:
    """One update of one replica, measured and counted per phase of :data:`PHASES`.

    Attributes:
        seconds: measured; the replica's share of its block's time, the median over the updates of
            a seed (the mean, in records that do not know it), then the mean over the seeds.
        waited: the mean over the updates of all phases' time in units of the median; well above 1
            where other work on the machine held updates up; NaN where either is unknown.
        worked: share of the time that the CPU computed for this training, with all its threads;
            well below 1 where other work took its place; NaN where unknown or not on the CPU.
        load: tasks that ran or waited over the number of cores, the largest that a seed met; NaN
            where unknown.
        counted: whatever the machine.
        updates: of a whole training; NaN where no seed finished one.
        updates_per_epoch: NaN likewise.
    """

    seconds: Mapping[str, float]
    waited: float
    worked: float
    load: float
    counted: Mapping[str, Cost]
    updates: float
    updates_per_epoch: float

    @property
    def was_held_up(self) -> bool:
        """Whether other work on the machine made the times what they are."""
        # all False where NaN
        return self.waited > BUSY or self.worked < 1 / BUSY or self.load > BUSY

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


def update_cost(epochs: int | None, records: Sequence[CellRecord]) -> UpdateCost | None:
    """The mean over one method's seeds; None where no seed made an update.

    Args:
        epochs: of each training; None where a budget ends it.
        records: of the seeds.
    """
    trained = [r for r in records if r.cost and r.cost.updates]
    costs = [r.cost for r in trained if r.cost]
    if not costs:
        return None
    updates = _updates(records)
    on_cpu = all(r.environment.get("device", "cpu") == "cpu" for r in trained)
    return UpdateCost(
        seconds={p: fmean(_typical(c)[p] for c in costs) for p in PHASES},
        waited=fmean(_waited(c) for c in costs),
        worked=_share(*map(sum, zip(*map(_work, costs), strict=True))) if on_cpu else nan,
        load=max((r.block.load for r in trained if r.block.load is not None), default=nan),
        counted={p: _mean_cost([c.counted[p] for c in costs]) for p in PHASES},
        updates=updates,
        updates_per_epoch=_in_whole_epochs(records) if epochs is None else _share(updates, epochs),
    )


def _typical(cost: CellCost) -> Mapping[str, float]:
    """Seconds of an update by phase."""
    return cost.typical or {p: total / cost.updates for p, total in cost.seconds.items()}


def _waited(cost: CellCost) -> float:
    """The mean time of an update over its median."""
    if cost.typical is None:
        return nan
    return _share(sum(cost.seconds.values()), cost.updates * sum(cost.typical.values()))


def _work(cost: CellCost) -> tuple[float, float]:
    """Seconds that the CPU computed, and seconds in all."""
    return nan if cost.cpu is None else cost.cpu, sum(cost.seconds.values())


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


def _in_whole_epochs(records: Sequence[CellRecord]) -> float:
    """Updates per epoch; a budget may be spent within the last, which then has fewer."""
    done = [curve for r in records if r.status == "done" for curve in r.curves.values()]
    moments = [pair for curve in done for pair in zip(curve.update, curve.epoch, strict=True)]
    return max((update / epoch for update, epoch in moments if epoch), default=nan)


def _mean_cost(costs: Sequence[Cost]) -> Cost:
    return Cost(*map(fmean, zip(*costs, strict=True)))  # held, too: all seeds are alike


def _share(mine: float, theirs: float) -> float:
    return mine / theirs if theirs else nan
