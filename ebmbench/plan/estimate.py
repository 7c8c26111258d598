"""What a recipe will cost: counted, before anything runs."""

from __future__ import annotations

from dataclasses import dataclass

from ebmbench.interfaces.cost import Cost, checked
from ebmbench.isolation.contained import contained
from ebmbench.plan.peak_memory import PeakMemory, Rows, peak_memory
from ebmbench.suite.suite import Method
from ebmbench.training.built import Built
from ebmbench.training.optimizer import Optimizer
from ebmbench.training.stopwatch import DATA, NEGATIVE, OPTIMIZER


@dataclass(frozen=True)
class Estimate:
    """What a recipe will cost one replica.

    Attributes:
        updates: in the whole training.
        counted: operations per update, by phase.
        memory: of a block at its peak, for any number of replicas.
    """

    updates: int
    counted: dict[str, Cost]
    memory: PeakMemory

    @property
    def per_update(self) -> Cost:
        """Operations of an update, all phases together."""
        return sum(self.counted.values(), Cost())


def estimate(built: Built, held: Rows, method: Method, epochs: int) -> Estimate:
    """What a training will cost.

    Args:
        built: for one replica.
        held: what the data takes.
        method: what is built, and how it is trained.
        epochs: how long.

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
    return Estimate(method.batch.count(rows) * epochs, counted, memory)
