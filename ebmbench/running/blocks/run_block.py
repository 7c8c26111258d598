"""A block, from seeds to records."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from ebmbench.interfaces.executor import StopSign
from ebmbench.journal.documents import (
    BlockShare,
    CellCost,
    CellRecord,
    Curve,
    Failure,
    KeptModel,
    finite,
)
from ebmbench.journal.journal import Journal
from ebmbench.journal.pictures import Pictures
from ebmbench.plan.cell import Cell
from ebmbench.running.blocks.block import Block
from ebmbench.running.blocks.environment import environment, load
from ebmbench.running.blocks.keeping import BlockKeeper
from ebmbench.running.blocks.update import warm_up
from ebmbench.running.memory import keep_freed_memory
from ebmbench.running.run_document import named
from ebmbench.training.evaluator import BlockCurve, Tell
from ebmbench.training.measure import measure_replicas
from ebmbench.training.outcome import Outcome
from ebmbench.training.recipe import Recipe
from ebmbench.training.standing import Keeper
from ebmbench.training.train import train_replicas


def run_block(block: Block, folder: Path, tell: Tell, every: float, stop: StopSign) -> list[str]:
    """Train a block and write a record for each cell; return their fates.

    Args:
        every: seconds between two checkpoints.

    Raises:
        StoppedError: it was asked to stop, and where it stands is stored.
    """
    keep_freed_memory()
    started = datetime.now(UTC)
    journal, statuses = Journal(folder), list[str]()
    keeper = BlockKeeper(block, journal.checkpoints, every, stop)
    outcome = train_block(block, tell, keeper)
    for index, cell in enumerate(block.cells):
        pictures = Pictures.of(outcome.evaluator.pictures(index), index)
        record = _record(block, outcome, index, started, pictures)
        journal.write_pictures(cell.id, pictures)
        if record.model:
            journal.write_parameters(cell.id, outcome.parameters(index))
        else:
            journal.drop_parameters(cell.id)
        journal.write(record)
        statuses.append(record.fate)
    keeper.done()
    return statuses


def train_block(block: Block, tell: Tell, keeper: Keeper | None = None) -> Outcome:
    """Train all replicas, or measure them as they are made where there is no training."""
    recipe, seeds = block.recipe, block.seeds
    if not recipe.epochs:
        return measure_replicas(recipe, seeds, tell)
    warm_up(recipe, seeds[0])
    return train_replicas(recipe, seeds, tell, keeper)


def write_failed(journal: Journal, block: Block, why: str, more: Failure) -> list[str]:
    """Write a record of the failure for each cell of a block; their statuses."""
    for cell in block.cells:
        journal.write(_failed_record(cell, len(block.cells), why, more))
    journal.checkpoints.drop(block.ids)
    return ["failed"] * len(block.cells)


def _failed_record(cell: Cell, replicas: int, reason: str, more: Failure) -> CellRecord:
    """The record of a cell that could not be trained, in a block of ``replicas``."""
    return CellRecord(
        id=cell.id,
        dataset=cell.recipe.dataset_name,
        method=cell.recipe.method_name,
        seed=cell.seed,
        status="failed",
        reason=reason,
        failure=more,
        block=BlockShare(replicas=replicas, seconds=None),
        environment=environment("cpu"),
    )


def _record(
    block: Block, outcome: Outcome, index: int, started: datetime, pictures: Pictures
) -> CellRecord:
    """The record of a block's cell."""
    cell, seen, replicas = block.cells[index], outcome.evaluator, len(block.cells)
    status, reason = seen.outcome(index)
    keep = cell.recipe.keep_parameters and status == "done"
    return CellRecord(
        id=cell.id,
        dataset=cell.recipe.dataset_name,
        method=cell.recipe.method_name,
        seed=cell.seed,
        status=status,
        reason=reason,
        curves={name: _curve(curve, index) for name, curve in seen.curves.items()},
        pictures=pictures.about,
        cost=_cost(block, outcome),
        unmeasured=seen.unmeasured(index),
        block=BlockShare(replicas=replicas, seconds=outcome.watch.total, load=load()),
        environment=environment(cell.recipe.device),
        model=_kept(outcome, cell.recipe) if keep else None,
        started=started.isoformat(timespec="seconds"),
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _cost(block: Block, outcome: Outcome) -> CellCost:
    """A replica's share."""
    watch, replicas = outcome.watch, len(block.cells)
    return CellCost(
        updates=outcome.updates,
        seconds={phase: total / replicas for phase, total in watch.seconds.items()},
        typical={phase: lap / replicas for phase, lap in watch.typical.items()},
        cpu=watch.cpu / replicas,
        counted=dict(block.counted),
    )


def _curve(curve: BlockCurve, index: int) -> Curve:
    """One replica's."""
    return Curve(
        epoch=tuple(curve.epoch),
        update=tuple(curve.update),
        seconds=tuple(curve.seconds),
        value=finite(values[index] for values in curve.value),
    )


def _kept(outcome: Outcome, recipe: Recipe) -> KeptModel:
    return KeptModel(model=named(recipe.model), visible=outcome.built.data.visible)
