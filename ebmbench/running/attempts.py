"""Attempts at blocks: what is tried again of one that was lost."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ebmbench.executors.local_pool import KILLED
from ebmbench.interfaces.executor import Ended
from ebmbench.journal.checkpoints import Checkpoint
from ebmbench.journal.journal import Journal
from ebmbench.running.blocks.block import Block
from ebmbench.running.blocks.block_task import Failed

ATTEMPTS = 2
ON_MACHINES = 5  # of a block whose machine was lost: that was not its doing, unless it always is


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


def tried_again(which: Try, ended: Ended, journal: Journal) -> list[Try]:
    """What is tried again of a block: all of it if it was lost, in halves if memory ran out.

    A whole goes on from its last checkpoint; halves begin.
    """
    failed = ended.value if isinstance(ended.value, Failed) else None
    no_memory = ended.exit_code == KILLED or (failed is not None and failed.out_of_memory)
    most = ON_MACHINES if ended.machine else ATTEMPTS
    if which.number >= most or not (no_memory or ended.lost):
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
