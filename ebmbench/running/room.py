"""How much room blocks have: how many at a time, and how large."""

from __future__ import annotations

from typing import NamedTuple

import torch

from ebmbench.interfaces.executor import Executor
from ebmbench.plan.estimate import Estimate
from ebmbench.running.memory import available_memory

BLOCK_BYTES = 64e6
"""Memory that an update of a block may touch: beyond the cache, larger blocks gain nothing."""

MEMORY_SHARE = 0.5
"""Of the memory that is free: what all blocks of a machine together may take at their peak."""


class Room(NamedTuple):
    """Room for blocks.

    Attributes:
        blocks: at a time.
        memory: bytes that one of them may take at its peak; None where nobody says.
    """

    blocks: int
    memory: float | None

    def replicas_of(self, estimate: Estimate, device: str = "cpu") -> int:
        """How many replicas a block may have, for the cache's sake and for the memory's.

        On a GPU, whose launches and cores want many at a time, for its memory's alone.
        """
        if device != "cpu":
            free = memory_on(device)
            budget = self.memory if free is None else MEMORY_SHARE * free / self.blocks
            return 1 if budget is None else estimate.memory.replicas_within(budget)
        in_cache = max(1, int(BLOCK_BYTES // max(estimate.per_update.bytes, 1.0)))
        if self.memory is None:
            return in_cache
        return min(in_cache, estimate.memory.replicas_within(self.memory))


def memory_on(device: str) -> float | None:
    """Bytes that are free on a CUDA device; None where it is another machine's."""
    if not torch.cuda.is_available():
        return None
    free, _ = torch.cuda.mem_get_info(device)
    return free


def room_of(executor: Executor | None) -> Room:
    """The room that an executor has, on this machine or on the smallest of others."""
    if executor is None:
        return room_here(1)
    places = executor.places()
    if not places:
        return room_here(executor.slots)
    shares = [each.memory / max(each.tasks, 1) for each in places if each.memory is not None]
    return Room(executor.slots, MEMORY_SHARE * min(shares) if shares else None)


def room_here(blocks: int) -> Room:
    """The room for so many blocks on this machine."""
    free = available_memory()
    return Room(blocks, None if free is None else MEMORY_SHARE * free / blocks)
