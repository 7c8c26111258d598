"""Comparing two runs, or a run with a committed baseline, and stopping regressions."""

from __future__ import annotations

from ebmbench.compare.baseline import read_baseline, write_baseline
from ebmbench.compare.comparison import Compared, compare_sides
from ebmbench.compare.gates import Decision
from ebmbench.compare.open_side import open_side
from ebmbench.compare.side import Side, side_of_run

__all__ = [
    "Compared",
    "Decision",
    "Side",
    "compare_sides",
    "open_side",
    "read_baseline",
    "side_of_run",
    "write_baseline",
]
