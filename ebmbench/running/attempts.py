"""Attempts at blocks: what is tried again of one that was lost."""

from __future__ import annotations

import signal
from dataclasses import dataclass, replace
from typing import NamedTuple

from ebmbench.journal.checkpoints import Checkpoint
from ebmbench.journal.journal import Journal
from ebmbench.running.block import Block
from ebmbench.running.worker import Failed

KILLED = -9  # the exit code of a process that was killed, as where memory runs out


@dataclass(frozen=True)
class Try:
    """An attempt at a block, or at a half of it.

    Attributes:
        index: the block's.
        number: how many attempts this makes.
    """

    index: int
    block: Block
    number: int = 1


class Lost(NamedTuple):
    """A worker died.

    Attributes:
        exit_code: its own; negative where a signal ended it.
        place: where it was, " (File ...)", if it left word of it.
    """

    exit_code: int
    place: str

    @property
    def reason(self) -> str:
        """What can be said of it."""
        if self.exit_code == KILLED:
            return "its process died (exit code -9): killed, as where memory runs out"
        name = signal.Signals(-self.exit_code).name if self.exit_code < 0 else ""
        code = f"{self.exit_code}, {name}" if name else f"{self.exit_code}"
        return f"its process died (exit code {code}); out of memory, or a crash{self.place}"


def tried_again(which: Try, result: list[str] | Failed | Lost, journal: Journal) -> list[Try]:
    """What is tried again of a block: all of it if it was lost, in halves if memory ran out.

    A whole goes on from its last checkpoint; halves begin.
    """
    killed = isinstance(result, Lost) and result.exit_code == KILLED
    no_memory = killed or (isinstance(result, Failed) and result.out_of_memory)
    if which.number > 1 or not (no_memory or isinstance(result, Lost)):
        return []
    block, next_number = which.block, which.number + 1
    if len(block.cells) > 1 and no_memory:
        journal.checkpoints.drop(block.ids)
        middle = (len(block.cells) + 1) // 2
        halves = block.cells[:middle], block.cells[middle:]
        return [
            Try(which.index, replace(block, cells=cells, checkpoint=None), next_number)
            for cells in halves
        ]
    return [Try(which.index, replace(block, checkpoint=_newest(block, journal)), next_number)]


def _newest(block: Block, journal: Journal) -> Checkpoint | None:
    """Where the block stands."""
    found = (each for each in journal.checkpoints if isinstance(each, Checkpoint))
    return next((each for each in found if each.cells == block.ids), None)
