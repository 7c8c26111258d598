"""What a run tells while it goes, and to whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from ebmbench.running.blocks.block import Block


class Event(NamedTuple):
    """A block's progress: epochs done and the newest mean of the target metric."""

    block: int
    epoch: int
    value: float | None


class Watcher(Protocol):
    """What shows progress, while it is entered."""

    def __enter__(self) -> Watcher:
        """Start showing."""

    def __exit__(self, *error: object) -> None:
        """Stop, whatever happened."""

    def begin(self, blocks: list[Block], weights: list[float], again: Mapping[str, int]) -> None:
        """All blocks that will run.

        Args:
            blocks: in their order.
            weights: how long each takes, relative to the others.
            again: why results that are there will not do -> the number of cells.
        """

    def progress(self, event: Event) -> None:
        """A block has come further."""

    def end(self, block: int, statuses: list[str]) -> None:
        """A block has ended; its cells' statuses, none where others have them all."""

    def wait(self, cells: int) -> None:
        """So many cells are left, which another command is at."""


class Silent(Watcher):
    """Shows nothing."""

    def __enter__(self) -> Silent:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def begin(self, blocks: list[Block], weights: list[float], again: Mapping[str, int]) -> None:
        pass

    def progress(self, event: Event) -> None:
        pass

    def end(self, block: int, statuses: list[str]) -> None:
        pass

    def wait(self, cells: int) -> None:
        pass
