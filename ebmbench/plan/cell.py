"""Cells: what a run is made of."""

from __future__ import annotations

from dataclasses import dataclass

from ebmbench.plan.file_names import readable
from ebmbench.training.recipe import Recipe


@dataclass(frozen=True)
class Cell:
    """One training of one replica: a recipe and a seed."""

    recipe: Recipe
    seed: int
    id: str

    @classmethod
    def of(cls, recipe: Recipe, seed: int, digest: str) -> Cell:
        """The cell with an id that is readable and tells its content."""
        names = f"{readable(recipe.dataset_name)}--{readable(recipe.method_name)}"
        return cls(recipe, seed, f"{names}--s{seed}--{digest[:12]}")

    @staticmethod
    def name_of(id_: str) -> str:
        """The readable part of an id: dataset, method and seed."""
        return id_.rpartition("--")[0]

    @staticmethod
    def digest_of(id_: str) -> str:
        """The part of an id that tells its content, the same for all seeds of a recipe."""
        return id_.rpartition("--")[2]
