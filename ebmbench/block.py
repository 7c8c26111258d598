"""A block: the replicas of one recipe trained side by side, from seeds to records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import torch

from ebmbench.environment import environment
from ebmbench.journal import Journal, Record
from ebmbench.noise import Noise
from ebmbench.observer import Observer, Tell
from ebmbench.optimizer import Optimizer
from ebmbench.parts import Parts
from ebmbench.recipe import Cell, Recipe
from ebmbench.stopwatch import Stopwatch
from ebmbench.train import Streams, train


@dataclass(frozen=True)
class Block:
    """Cells that share a recipe and are trained side by side, one replica each.

    Attributes:
        cells: one per replica.
        counted: operations per update, by phase, for the records.
    """

    cells: tuple[Cell, ...]
    counted: Mapping[str, Mapping[str, float]] = field(default_factory=dict, compare=False)

    @property
    def recipe(self) -> Recipe:
        """What all replicas share."""
        return self.cells[0].recipe

    @property
    def seeds(self) -> list[int]:
        """One per replica."""
        return [cell.seed for cell in self.cells]


def run_block(block: Block, folder: Path, tell: Tell) -> list[str]:
    """Train a block and write a record for each cell; return their statuses."""
    torch.set_num_threads(1)  # a second thread changes the order of sums; blocks run side by side
    started = datetime.now(UTC)
    updates, observer = train_block(block, tell)
    replicas, seconds = len(block.cells), observer.watch.seconds
    shared = {
        "cost": {
            "updates": updates,
            "seconds": {phase: total / replicas for phase, total in seconds.items()},
            "counted": block.counted,
        },
        "unmeasured": observer.unmeasured,
        "block": {"replicas": replicas, "seconds": observer.watch.total},
        "environment": environment(block.recipe.device),
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    journal = Journal(folder)
    statuses = []
    for index, cell in enumerate(block.cells):
        status, reason = observer.outcome(index)
        curves = observer.curves(index)
        journal.write({**_header(cell, status, reason), "curves": curves, **shared})
        statuses.append(status)
    return statuses


def train_block(block: Block, tell: Tell) -> tuple[int, Observer]:
    """Train all replicas; the number of updates, and what was seen on the way."""
    recipe, seeds, device = block.recipe, block.seeds, torch.device(block.recipe.device)
    names = (recipe.dataset_name, recipe.method_name)
    data = recipe.dataset.build().load(Noise(seeds, "data", names[0], device=device))
    model = recipe.model.build(data.visible, Noise(seeds, "init", *names, device=device))
    kernel = recipe.kernel.build() if recipe.kernel else None
    sampler = recipe.sampler.build(kernel)
    watch = Stopwatch(device)
    observer = Observer(recipe, seeds, Parts(model, data, sampler, kernel), watch, tell)
    updates = train(
        model,
        sampler,
        Optimizer(model, recipe.optimizer),
        data,
        recipe.batch,
        recipe.epochs,
        Streams.of(seeds, *names, device),
        watch,
        observer,
    )
    return updates, observer


def failure(cell: Cell, replicas: int, reason: str) -> Record:
    """The record of a cell that could not be trained, in a block of ``replicas``."""
    return {
        **_header(cell, "failed", reason),
        "curves": {},
        "cost": None,
        "unmeasured": {},
        "block": {"replicas": replicas, "seconds": None},
        "environment": environment("cpu"),
    }


def _header(cell: Cell, status: str, reason: str | None) -> Record:
    """What every record says, however the training ended."""
    return {
        "id": cell.id,
        "dataset": cell.recipe.dataset_name,
        "method": cell.recipe.method_name,
        "seed": cell.seed,
        "status": status,
        "reason": reason,
    }
