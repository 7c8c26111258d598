"""Tables of final values against a swept option."""

from __future__ import annotations

from collections.abc import Sequence

from ebmbench.report.numbers import NOTHING, count, duration
from ebmbench.report.parts import Cell, Folded, Heading, Part, Table
from ebmbench.report.sentences.swept import along
from ebmbench.report.sweep_table import Point, about_verdicts, columns_of, points_over
from ebmbench.summary import Row, Summary, Sweep


def sweep_tables(summary: Summary, sweeps: Sequence[Sweep]) -> list[Part]:
    """Which line is better at each point, then what each costs; what is not judged is folded."""
    parts: list[Part] = []
    for sweep in sweeps:
        values = sorted(columns_of(summary, sweep), key=lambda v: v != summary.judged)  # stable
        for value in values:
            heading = Folded if summary.better(value) is None else Heading
            parts += [heading(f"{value} over {sweep.axis.name}"), _table(summary, sweep, value)]
            if value == summary.judged:
                parts.append(
                    " ".join(filter(None, [*along(summary, sweep), about_verdicts(summary, sweep)]))
                )
        parts += _costs(sweep)
    return parts


def _costs(sweep: Sweep) -> list[Part]:
    """An update of each variant, measured and counted."""
    if not any(row.cost for line in sweep.lines.values() for row in line.values()):
        return []
    head = [sweep.axis.name, *sweep.lines]
    rows: list[list[str | Cell]] = [
        [f"{x:g}", *(_cost(line.get(x)) for line in sweep.lines.values())] for x in sweep.points
    ]
    return [
        Heading(f"Cost of an update over {sweep.axis.name}"),
        Table(head, rows),
        "Time for one replica, and multiply-adds.",
    ]


def _cost(row: Row | None) -> Cell:
    if row is None or row.cost is None:
        return Cell([NOTHING])
    seconds, macs = row.cost.total_seconds, row.cost.total.macs
    return Cell([f"{duration(seconds)},", count(macs)], key=seconds)


def _table(summary: Summary, sweep: Sweep, value: str) -> Table:
    rows = points_over(summary, sweep, value)
    head = [sweep.axis.name, *sweep.lines]
    return Table(head, [[x, *map(_cell, points)] for x, points in rows])


def _cell(point: Point) -> Cell:
    return Cell([point.text], point.best, f", {point.verdict}" if point.verdict else "")
