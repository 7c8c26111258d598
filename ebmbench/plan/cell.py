"""Cells: what a run is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
        names = f"{_slug(recipe.dataset_name)}--{_slug(recipe.method_name)}"
        return cls(recipe, seed, f"{names}--s{seed}--{digest[:12]}")


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9.=_-]+", "-", name).strip("-")
