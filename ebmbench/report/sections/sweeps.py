"""Tables of final values against a swept option."""

from __future__ import annotations

from collections.abc import Sequence

from ebmbench.report.parts import Cell, Heading, Part, Table
from ebmbench.report.sweep_table import Point, about_verdicts, columns_of, points_over
from ebmbench.summary import Summary, Sweep


def sweep_tables(summary: Summary, sweeps: Sequence[Sweep]) -> list[Part]:
    """A table per sweep and column, the best line of each row in bold."""
    parts: list[Part] = []
    for sweep in sweeps:
        for value in columns_of(summary, sweep):
            parts += [
                Heading(f"{value} over {sweep.axis.name}"),
                _table(summary, sweep, value),
            ]
        parts.append(about_verdicts(summary, sweep))
    return parts


def _table(summary: Summary, sweep: Sweep, value: str) -> Table:
    rows = points_over(summary, sweep, value)
    head = [sweep.axis.name, *sweep.lines]
    return Table(head, [[x, *map(_cell, points)] for x, points in rows])


def _cell(point: Point) -> Cell:
    return Cell([point.text], point.best, f", {point.verdict}" if point.verdict else "")
