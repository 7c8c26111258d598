"""A block: the replicas of one recipe trained side by side, from seeds to records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ebmbench.environment import environment
from ebmbench.journal import Journal, Record, finite
from ebmbench.kernel import GibbsKernel
from ebmbench.metric import Metric, View
from ebmbench.noise import Noise
from ebmbench.optimizer import Optimizer
from ebmbench.recipe import Cell, Recipe
from ebmbench.sampler import State
from ebmbench.schedule import epochs_of
from ebmbench.stopwatch import Stopwatch
from ebmbench.suite import value_family
from ebmbench.train import Streams, train

Tell = Callable[[int, float | None], None]
"""Called with the epochs done and the newest mean value of the target metric."""


@dataclass(frozen=True)
class Block:
    """Cells that share a recipe and are trained side by side, one replica each."""

    cells: tuple[Cell, ...]
    counted: dict[str, dict[str, float]] = field(compare=False)

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
    torch.set_num_threads(
        1
    )  # a second thread changes the order of sums, and blocks run side by side
    started = datetime.now(UTC)
    observer = _trained(block, tell)
    journal = Journal(folder)
    for index, cell in enumerate(block.cells):
        journal.write(
            {
                **header(cell, *observer.outcome(index)),
                "curves": observer.curves(index),
                "cost": observer.cost(block),
                "block": {"replicas": len(block.cells), "seconds": observer.watch.total},
                "environment": environment(block.recipe.device),
                "started": started.isoformat(timespec="seconds"),
                "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            }
        )
    return [observer.outcome(index)[0] for index in range(len(block.cells))]


def header(cell: Cell, status: str, reason: str | None) -> Record:
    """What every record says, however the training ended."""
    return {
        "id": cell.id,
        "dataset": cell.recipe.dataset_name,
        "method": cell.recipe.method_name,
        "seed": cell.seed,
        "status": status,
        "reason": reason,
    }


def failure(cell: Cell, reason: str) -> Record:
    """The record of a cell that could not be trained."""
    return {**header(cell, "failed", reason), "curves": {}, "cost": None, "block": None,
            "environment": environment("cpu")}  # fmt: skip


def _trained(block: Block, tell: Tell) -> _Observer:
    recipe, seeds, device = block.recipe, block.seeds, torch.device(block.recipe.device)
    data = recipe.dataset.build().load(Noise(seeds, "data", recipe.dataset_name, device=device))
    names = (recipe.dataset_name, recipe.method_name)
    model = recipe.model.build(data.visible, Noise(seeds, "init", *names, device=device))
    kernel = recipe.kernel.build() if recipe.kernel else None
    sampler = recipe.sampler.build(kernel)
    watch = Stopwatch(device)
    observer = _Observer(recipe, seeds, model, data, sampler, kernel, watch, tell)
    observer.updates = train(
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
    return observer


class _Observer:
    """Measures at the moments asked for, and notices replicas that diverge."""

    def __init__(
        self,
        recipe: Recipe,
        seeds: list[int],
        model: Any,
        data: Any,
        sampler: Any,
        kernel: GibbsKernel | None,
        watch: Stopwatch,
        tell: Tell,
    ) -> None:
        self.recipe, self.seeds, self.tell, self.watch = recipe, seeds, tell, watch
        self.model, self.data, self.sampler, self.kernel = model, data, sampler, kernel
        self.updates = 0
        self.diverged_at: list[int | None] = [None] * len(seeds)
        self.alive = torch.ones(len(seeds), dtype=torch.bool, device=watch.device)
        self.newest: float | None = None
        self._curves: dict[str, dict[str, list[Any]]] = {}
        self._metrics: list[tuple[Metric, frozenset[int]]] = [
            (choice.build(), epochs_of(at, recipe.epochs)) for choice, at in recipe.metrics
        ]

    def __call__(self, epoch: int, update: int, state: State) -> bool:
        """Look at all replicas; False once none is left alive."""
        self._bury_diverged(epoch)
        due = [metric for metric, epochs in self._metrics if epoch in epochs]
        if due:
            view = self._view(epoch, state)
            for metric in due:
                self._measure(metric, view, epoch, update)
        self.tell(epoch, self.newest)
        return bool(self.alive.any())

    def outcome(self, index: int) -> tuple[str, str | None]:
        """The replica's status and, unless it is done, the reason."""
        epoch = self.diverged_at[index]
        if epoch is None:
            return "done", None
        return "diverged", f"parameters were no longer finite after epoch {epoch}"

    def curves(self, index: int) -> dict[str, dict[str, list[Any]]]:
        """The replica's values over training."""
        return {
            name: {**curve, "value": [finite(values[index]) for values in curve["value"]]}
            for name, curve in self._curves.items()
        }

    def cost(self, block: Block) -> Record:
        """Each replica's share of the block's time, and the operations counted."""
        share = {phase: s / len(self.seeds) for phase, s in self.watch.seconds.items()}
        return {"updates": self.updates, "seconds": share, "counted": block.counted}

    def _bury_diverged(self, epoch: int) -> None:
        """Mark replicas with non-finite parameters and zero them, so that nothing chokes on NaN."""
        with torch.no_grad():
            finite_now = torch.stack(
                [p.isfinite().flatten(1).all(1) for p in self.model.parameters()]
            ).all(0)
            for index in torch.nonzero(self.alive & ~finite_now).flatten().tolist():
                self.diverged_at[index] = epoch
            self.alive &= finite_now
            if not self.alive.all():
                for p in self.model.parameters():
                    p[~self.alive] = 0.0

    def _view(self, epoch: int, state: State) -> View:
        return View(
            model=self.model,
            data=self.data,
            sampler=self.sampler,
            state=state,
            kernel=self.kernel,
            epoch=epoch,
            noise=self._noise("view", epoch),
            negative_noise=self._noise("negative view", epoch),
        )

    def _measure(self, metric: Metric, view: View, epoch: int, update: int) -> None:
        values = metric.measure(view.with_noise(self._noise(metric.name, epoch)))
        seconds = self.watch.total / len(self.seeds)
        for part, value in values.items():
            family = value_family(metric.name)
            name = f"{family}.{part}" if part else family
            kept = torch.where(self.alive, value.double(), torch.nan)
            curve = self._curves.setdefault(
                name, {"epoch": [], "update": [], "seconds": [], "value": []}
            )
            curve["epoch"].append(epoch)
            curve["update"].append(update)
            curve["seconds"].append(seconds)
            curve["value"].append(kept.tolist())
            if name == self.recipe.target:
                self.newest = _mean_of(kept)

    def _noise(self, purpose: str, epoch: int) -> Noise:
        """Streams for measuring: the same for all methods, and apart from all training."""
        names = ("measure", self.recipe.dataset_name, purpose, epoch)
        return Noise(self.seeds, *names, device=self.watch.device)


def _mean_of(values: Tensor) -> float | None:
    return finite(values.nanmean().item())
