"""Tables of what the methods reached: final values, and the target."""

from __future__ import annotations

from math import inf, nan

from ebmbench.report import phrases
from ebmbench.report.cells import between_updates, cost_lines, seeds_lines, target_lines
from ebmbench.report.numbers import NOTHING, duration
from ebmbench.report.parts import Cell, Heading, Part, Table
from ebmbench.report.sections.comparisons import verdict
from ebmbench.summary import Leaderboard, Row, Summary, ToTarget, in_spectrum


def main_table(summary: Summary, board: Leaderboard) -> list[Table]:
    """Final values, target, cost and verdict of each method; what was not asked has no column."""
    if not board.rows:
        return []
    head = ["Method", "Seeds", *summary.columns]
    head += ["Reached target"] if summary.target and summary.trained else []
    head += ["Cost/update"] if summary.trained else []
    head += [phrases.judged_by(summary)] if summary.baseline else []
    return [Table(head, [_main_row(summary, board, row) for row in board.rows])]


def times_to_target(summary: Summary, board: Leaderboard) -> list[Part]:
    """When each method reached the target."""
    rows = [(row.method, row.to_target) for row in board.rows if row.to_target]
    if not rows:
        return []
    head = ["Method", "Reached by", "Updates", "Epochs", "Training time"]
    return [
        Heading(f"Time to {phrases.target_text(summary)}"),
        "The first measured moment on the target's side; medians over seeds, a miss counting as "
        "never. In brackets the order statistics that hold the median with 95 % from 6 seeds, the "
        "fewest and most updates below.",
        Table(head, [[method, *_passage(to)] for method, to in rows]),
    ]


def other_values(summary: Summary, board: Leaderboard) -> list[Part]:
    """Final values that have no column in the main table, spectra aside."""
    values = [v for v in summary.values if v not in summary.columns and not in_spectrum(v)]
    if not values or not board.rows:
        return []
    head = ["Value", "Unit", *(row.method for row in board.rows)]
    return [Heading("Other final values"), Table(head, [_value(summary, board, v) for v in values])]


def _main_row(summary: Summary, board: Leaderboard, row: Row) -> list[str | Cell]:
    finals = [_final(board, row, value) for value in summary.columns]
    target = [_target(row)] if summary.target else []
    effort = [*target, _cost(row)] if summary.trained else []
    judged = [_judged(summary, row)] if summary.baseline else []
    seeds = Cell([", ".join(seeds_lines(row))], key=row.seeds.done)
    return [row.method, seeds, *finals, *effort, *judged]


def _target(row: Row) -> Cell:
    updates = row.to_target.updates if row.to_target else nan
    return Cell(target_lines(row.to_target), key=updates)


def _cost(row: Row) -> Cell:
    return Cell(cost_lines(row), key=row.cost.total_seconds if row.cost else nan)


def _final(board: Leaderboard, row: Row, value: str) -> Cell:
    if value not in row.final:
        return Cell([NOTHING])
    best = value in board.leads and board.leads[value].best == row.method
    return Cell([str(row.final[value])], best, key=row.final[value].mean)


def _judged(summary: Summary, row: Row) -> Cell:
    if summary.is_baseline(row.method):
        return Cell(["baseline"], key=0.0)
    found = row.against.get(summary.judged or "")
    return Cell([verdict(found)], key=found.difference.mean if found else nan)


def _passage(to: ToTarget) -> list[str]:
    reached = f"{to.reached} of {phrases.seeds(to.seeds)}"
    between = between_updates(to)
    if to.updates == inf:
        return [reached, "never" + between, "never", "never"]
    updates = f"{to.updates:,.0f}{between}"
    return [reached, updates, f"{to.epochs:g}", duration(to.seconds)]


def _value(summary: Summary, board: Leaderboard, value: str) -> list[str]:
    texts = [str(row.final[value]) if value in row.final else NOTHING for row in board.rows]
    return [value, summary.unit(value) or NOTHING, *texts]
