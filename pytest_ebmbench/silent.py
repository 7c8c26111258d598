"""A watcher that says nothing."""

from __future__ import annotations

from ebmbench.block import Block
from ebmbench.watcher import Event


class Silent:
    """For runs inside a test."""

    def begin(self, blocks: list[Block], weights: list[float]) -> None:
        """Nothing."""

    def progress(self, event: Event) -> None:
        """Nothing."""

    def end(self, block: int, statuses: list[str]) -> None:
        """Nothing."""
