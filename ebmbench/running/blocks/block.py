"""A block: the replicas of one recipe, trained side by side."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace

from ebmbench.interfaces.cost import Cost
from ebmbench.interfaces.executor import NO_NEEDS, Needs
from ebmbench.journal.checkpoints import Checkpoint
from ebmbench.journal.journal import Journal
from ebmbench.plan.cell import Cell
from ebmbench.training.recipe import Recipe


@dataclass(frozen=True)
class Block:
    """Cells that share a recipe and are trained side by side, one replica each.

    Attributes:
        cells: one per replica.
        counted: operations per update, by phase, for the records.
        needs: what they take together, by estimate.
        checkpoint: where they go on from; None where they begin.
    """

    cells: tuple[Cell, ...]
    counted: Mapping[str, Cost] = field(default_factory=dict, compare=False)
    needs: Needs = field(default=NO_NEEDS, compare=False)
    checkpoint: Checkpoint | None = field(default=None, compare=False)

    @property
    def recipe(self) -> Recipe:
        """What all replicas share."""
        return self.cells[0].recipe

    @property
    def seeds(self) -> list[int]:
        """One per replica."""
        return [cell.seed for cell in self.cells]

    @property
    def ids(self) -> tuple[str, ...]:
        """Of the cells."""
        return tuple(cell.id for cell in self.cells)

    @property
    def began(self) -> int:
        """The epoch that they go on from."""
        return self.checkpoint.epoch if self.checkpoint else 0


def claimed(block: Block, journal: Journal, anew: Container[str]) -> Block | None:
    """The block, less the cells that somebody else is at or has finished; None if that is all.

    Args:
        anew: the ids of cells that run though they have a record.
    """
    extent, _ = block.recipe.extent
    taken = journal.claims.take(block.ids, extent)
    left = [id_ for id_ in taken if id_ in anew or not journal.has(id_)]
    if len(left) < len(taken):
        journal.claims.release(taken)
        taken = journal.claims.take(left, extent)
    if len(taken) == len(block.cells):
        return block
    cells = tuple(cell for cell in block.cells if cell.id in taken)
    return replace(block, cells=cells, checkpoint=None) if cells else None
