"""Comparing two runs, or a run with a committed baseline, and stopping regressions."""

from __future__ import annotations

from ebmbench.compare.baseline_file import open_side, read_baseline, write_baseline
from ebmbench.compare.comparison import Compared, compare_sides
from ebmbench.compare.decisions import Decision
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
