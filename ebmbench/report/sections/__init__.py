"""What a report says of a dataset, section by section; Markdown and the page share it."""

from __future__ import annotations

from ebmbench.report.parts import Part
from ebmbench.report.sections.compared import compared
from ebmbench.report.sections.comparisons import comparisons
from ebmbench.report.sections.costs import costs
from ebmbench.report.sections.negative import negative_phase
from ebmbench.report.sections.results import (
    about_main_table,
    main_table,
    other_values,
    times_to_target,
)
from ebmbench.report.sections.sweeps import sweep_tables
from ebmbench.report.sections.tuning import tuning
from ebmbench.summary import Leaderboard, Summary

__all__ = [
    "about_main_table",
    "compared",
    "details",
    "main_table",
    "sweep_tables",
]


def details(summary: Summary, listed: Leaderboard) -> list[Part]:
    """All that stands below the main table, of the methods that tables list."""
    return [
        *costs(summary, listed),
        *times_to_target(summary, listed),
        *tuning(summary, listed),
        *comparisons(summary, listed),
        *negative_phase(summary, listed),
        *other_values(summary, listed),
    ]
