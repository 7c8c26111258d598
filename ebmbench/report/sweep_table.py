"""A value over a sweep as a table: a row per point, a column per line."""

from __future__ import annotations

from typing import NamedTuple

from ebmbench.report.numbers import NOTHING
from ebmbench.summary import Row, Summary, Sweep


class Point(NamedTuple):
    """What a line reaches at a point.

    Attributes:
        text: the mean with its interval.
        best: whether no other line's mean is better there, of those that lost no seed.
        verdict: against the baseline there, if it is settled; else "".
    """

    text: str
    best: bool = False
    verdict: str = ""


def points_over(summary: Summary, sweep: Sweep, value: str) -> list[tuple[str, list[Point]]]:
    """The swept option's value, and what each line reaches there."""
    return [
        (f"{x:g}", _points(summary, [line.get(x) for line in sweep.lines.values()], value))
        for x in sweep.points
    ]


def about_verdicts(summary: Summary, sweep: Sweep) -> str:
    """How to read the words after the means; "" where there is nothing to compare with."""
    if not any(row.against for line in sweep.lines.values() for row in line.values()):
        return ""
    return (
        f"A word after a mean is the verdict against {summary.baseline} there; without one the "
        "comparison is inconclusive."
    )


def columns_of(summary: Summary, sweep: Sweep) -> list[str]:
    """The main table's values that some line has."""
    rows = [row for line in sweep.lines.values() for row in line.values()]
    return [value for value in summary.columns if any(value in row.final for row in rows)]


def _points(summary: Summary, rows: list[Row | None], value: str) -> list[Point]:
    better = summary.better(value)
    whole = [row for row in rows if row and row.seeds.lost == 0 and value in row.final]
    means = [row.final[value].mean for row in whole if not row.final[value].partial]
    best = None if better is None or not means else min(means) if better == "lower" else max(means)
    return [_point(row, value, best) for row in rows]


def _point(row: Row | None, value: str, best: float | None) -> Point:
    if row is None or value not in row.final:
        return Point(NOTHING)
    against = row.against.get(value)
    verdict = against.verdict if against and against.verdict != "inconclusive" else ""
    final = row.final[value]
    return Point(str(final), final.mean == best and not final.partial, verdict)
