"""That a method which is ahead has values that are no numbers: its parameters may have exploded."""

from __future__ import annotations

from ebmbench.report.phrases import seeds
from ebmbench.report.sentences.words import names
from ebmbench.summary import Leaderboard, Row, Summary, metric_of, part_of

WHY = "its parameters may have exploded"


def not_finite(summary: Summary, board: Leaderboard, method: str) -> str:
    """``its nll.test is not finite on 2 of 5 seeds: its parameters may ...``; "" if all are."""
    row = board.row(method)
    found = {v: lacking for v in summary.values if (lacking := _lacking(summary, row, v))}
    if not found:
        return ""
    most, of = max(found.values()), row.seeds.done
    where = f"on all {seeds(of)}" if most == of > 1 else f"on {most} of {seeds(of)}"
    is_or_are = "is" if len(found) == 1 else "are"
    return f"its {names([*found])} {is_or_are} not finite {where}: {WHY}"


def _lacking(summary: Summary, row: Row, value: str) -> int:
    """Of how many seeds that are done the value was measured, and is no number at the end.

    None where the metric says why it may have no value: then there is none to be finite.
    """
    about = summary.run.metrics.get(metric_of(value))
    said = about.missing if about else ""
    if value not in row.curves or (said.get(part_of(value)) if isinstance(said, dict) else said):
        return 0
    last = row.curves[value].values[-1]
    return last.of - last.n
