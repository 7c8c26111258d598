"""A block: the replicas of one recipe trained side by side, from seeds to records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import torch

from ebmbench.allocator import keep_freed_memory
from ebmbench.environment import environment
from ebmbench.journal import Journal, Record
from ebmbench.observer import Observer, Tell
from ebmbench.optimizer import Optimizer
from ebmbench.parts import Parts
from ebmbench.recipe import Cell, Recipe
from ebmbench.stopwatch import Stopwatch
from ebmbench.streams import Streams
from ebmbench.train import train
from ebmbench.update import warm_up


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
    keep_freed_memory()
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
        curves, pictures = observer.curves(index), observer.pictures(index)
        journal.write_pictures(cell.id, pictures)
        journal.write(
            {
                **_header(cell, status, reason),
                "curves": curves,
                "pictures": pictures.about,
                **shared,
            }
        )
        statuses.append(status)
    return statuses


def train_block(block: Block, tell: Tell) -> tuple[int, Observer]:
    """Train all replicas; the number of updates, and what was seen on the way."""
    recipe, seeds, device = block.recipe, block.seeds, torch.device(block.recipe.device)
    if recipe.epochs:
        warm_up(recipe, seeds[0])
    parts = Parts.of(recipe, seeds)
    watch = Stopwatch(device)
    observer = Observer(recipe, seeds, parts, watch, tell)
    updates = train(
        parts.model,
        parts.sampler,
        Optimizer(parts.model, recipe.optimizer),
        parts.data,
        recipe.batch,
        recipe.epochs,
        Streams.of(seeds, recipe.dataset_name, recipe.method_name, device),
        watch,
        observer,
    )
    return updates, observer


def failure(cell: Cell, replicas: int, reason: str) -> Record:
    """The record of a cell that could not be trained, in a block of ``replicas``."""
    return {
        **_header(cell, "failed", reason),
        "curves": {},
        "pictures": {},
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
