"""A block: the replicas of one recipe, trained side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ebmbench.interfaces.cost import Cost
from ebmbench.journal.checkpoints import Checkpoint
from ebmbench.plan.cell import Cell
from ebmbench.training.recipe import Recipe


@dataclass(frozen=True)
class Block:
    """Cells that share a recipe and are trained side by side, one replica each.

    Attributes:
        cells: one per replica.
        counted: operations per update, by phase, for the records.
        checkpoint: where they go on from; None where they begin.
    """

    cells: tuple[Cell, ...]
    counted: Mapping[str, Cost] = field(default_factory=dict, compare=False)
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
