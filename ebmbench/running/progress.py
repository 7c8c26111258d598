"""What a run tells while it goes, and to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ebmbench.running.blocks.block import Block
from ebmbench.training.evaluator import Progress


class Event(NamedTuple):
    """A block's progress."""

    block: int
    progress: Progress


class Watcher:
    """What shows progress, while it is entered; this one shows nothing."""

    def __enter__(self) -> Watcher:
        """Start showing."""
        return self

    def __exit__(self, *error: object) -> None:
        """Stop, whatever happened."""

    def begin(
        self,
        blocks: list[Block],
        weights: list[float],
        again: Mapping[str, int],
        workers: int = 0,
    ) -> None:
        """All blocks that will run.

        Args:
            blocks: in their order.
            weights: how long each takes, relative to the others.
            again: why results that are there will not do -> the number of cells.
            workers: processes that share them; 0 for none but this one.
        """

    def start(self, block: int) -> None:
        """A block waits no longer for a worker."""

    def progress(self, event: Event) -> None:
        """A block has come further."""

    def end(self, block: int, statuses: list[str], reasons: Sequence[str] = ()) -> None:
        """A block has ended.

        Args:
            block: its index.
            statuses: its cells' fates, none where others have them all.
            reasons: why some are not done.
        """

    def wait(self, cells: int) -> None:
        """So many cells are left, which another command is at."""

    def tick(self) -> None:
        """Some time has passed, and nothing may have happened."""
