"""What a recipe will cost: counted, before anything runs."""

from __future__ import annotations

from dataclasses import dataclass

from ebmbench.interfaces.cost import Cost, checked
from ebmbench.isolation.contained import contained
from ebmbench.plan.peak_memory import PeakMemory, Rows, peak_memory
from ebmbench.suite.keys import TrainSpec
from ebmbench.suite.suite import Method
from ebmbench.training.built import Built
from ebmbench.training.optimizer import Optimizer
from ebmbench.training.schedule import MOST_EPOCHS
from ebmbench.training.stopwatch import DATA, NEGATIVE, OPTIMIZER


@dataclass(frozen=True)
class Estimate:
    """What a recipe will cost one replica.

    Attributes:
        updates: in the whole training; None where its seconds are given and nothing else ends it.
        seconds: that the training takes at most, where they are given.
        counted: operations per update, by phase.
        memory: of a block at its peak, for any number of replicas.
    """

    updates: int | None
    counted: dict[str, Cost]
    memory: PeakMemory
    seconds: float | None = None

    @property
    def per_update(self) -> Cost:
        """Operations of an update, all phases together."""
        return sum(self.counted.values(), Cost())


def estimate(built: Built, held: Rows, method: Method, train: TrainSpec) -> Estimate:
    """What a training will cost.

    Args:
        built: for one replica.
        held: what the data takes.
        method: what is built, and how it is trained.
        train: how long.

    Raises:
        ComponentError: a component counts what is no cost, or fails at it.
    """
    rows = built.data.train.shape[1]
    batch = min(method.batch.rows(rows), rows)
    optimizer = Optimizer(built.model, method.optimizer)
    with contained(f"model '{method.model.name}'"):
        data = checked(built.model.phase_cost(batch))
    with contained(f"sampler '{method.sampler.name}'"):
        negative = checked(built.sampler.cost(built.model, batch))
        counted = {DATA: data, NEGATIVE: negative, OPTIMIZER: optimizer.cost(built.model)}
        memory = peak_memory(built, held, optimizer, batch, counted.values())
    per_update = sum(counted.values(), Cost())
    updates = _updates(train, method.batch.count(rows), per_update.macs)
    return Estimate(updates, counted, memory, train.until.seconds if train.until else None)


def _updates(train: TrainSpec, per_epoch: int, macs: float) -> int | None:
    """Updates in a training; None where seconds alone end it.

    Raises:
        ValueError: multiply-adds are to end it, and none are counted; or its budget is of more
            epochs than there may be.
    """
    if train.until is None:
        return per_epoch * train.epochs
    if train.until.macs is not None and not macs:
        raise ValueError("its updates count no multiply-adds, so that none are ever spent")
    budget, most = train.until.updates_of(macs), per_epoch * train.epochs
    if train.epochs == MOST_EPOCHS and budget is not None and budget > most:
        raise ValueError(f"its budget is of {budget:.3g} updates, and {most:.3g} are the most")
    ended_by = (most, budget)
    known = [each for each in ended_by if each is not None]
    return None if train.until.seconds and train.epochs == MOST_EPOCHS else min(known)
