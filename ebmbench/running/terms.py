"""On what terms blocks run."""

from __future__ import annotations

from typing import NamedTuple


class Terms(NamedTuple):
    """How blocks are to be run.

    Attributes:
        jobs: worker processes; 0 runs them in this process.
        time_limit: seconds that a block may take; None for any. Workers alone can be ended.
        checkpoint_every: seconds between two checkpoints of a block.
        anew: whether cells are run that have a record; else whoever finds one leaves the cell.
    """

    jobs: int
    time_limit: float | None = None
    checkpoint_every: float = 180.0
    anew: bool = False
