"""On what terms blocks run."""

from __future__ import annotations

from typing import NamedTuple


class Terms(NamedTuple):
    """How blocks are to be run.

    Attributes:
        time_limit: seconds that a block may take; None for any. Workers alone can be ended.
        checkpoint_every: seconds between two checkpoints of a block.
        anew: the ids of cells that run though they have a record; of others one that comes up says
            that somebody else was quicker.
    """

    time_limit: float | None = None
    checkpoint_every: float = 180.0
    anew: frozenset[str] = frozenset()
