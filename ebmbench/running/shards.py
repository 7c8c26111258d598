"""A share of a run's cells, for one of many machines that know nothing of each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ebmbench.errors import ConfigError, Problem
from ebmbench.plan.cell import Cell


class Shard(NamedTuple):
    """Which share: number ``number`` of so many, from 1."""

    number: int
    shards: int

    @classmethod
    def of(cls, text: str) -> Shard:
        """Of ``3/20``.

        Raises:
            ConfigError: it is no such share.
        """
        found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
        shard = cls(*map(int, found.groups())) if found else cls(0, 0)
        if not 1 <= shard.number <= shard.shards:
            remedy = "Give 1/20 to 20/20: each is another twentieth."
            raise ConfigError(Problem("--shard", "", f"'{text}': not a share of the cells", remedy))
        return shard

    def share(self, cells: Iterable[Cell]) -> Iterator[Cell]:
        """Its cells: of each recipe an even run of seeds, which train side by side.

        Where there are more shards than seeds, recipes are dealt out in turn.
        """
        groups: dict[tuple[str, str], list[Cell]] = {}
        for cell in cells:
            key = (cell.recipe.dataset_name, cell.recipe.method_name)
            groups.setdefault(key, []).append(cell)
        dealt = 0
        for group in groups.values():
            pieces = min(self.shards, len(group))
            for piece in range(pieces):
                if (dealt + piece) % self.shards == self.number - 1:
                    start, stop = (len(group) * edge // pieces for edge in (piece, piece + 1))
                    yield from group[start:stop]
            dealt += pieces


WHOLE = Shard(1, 1)
