"""Tables of the methods against the baseline."""

from __future__ import annotations

from math import isnan

from ebmbench.report import phrases
from ebmbench.report.markdown.table import table
from ebmbench.report.numbers import NOTHING, signed
from ebmbench.summary import Leaderboard, Row, Summary
from ebmbench.summary.statistics import Comparison


def comparisons(summary: Summary, board: Leaderboard) -> list[str]:
    """On the judged value in full, on all others in short."""
    compared = [row for row in board.rows if row.against]
    if not compared:
        return []
    values = [v for v in summary.values if any(v in row.against for row in compared)]
    return [
        f"### Against {summary.baseline}",
        f"On {summary.judged}:",
        table(
            ["Method", "Verdict", "Difference", "%", "Improvement", "p", "Pairs", "To settle it"],
            [_judged_row(summary, row) for row in compared],
        ),
        "On every value (each line is a family of its own):",
        table(
            ["Value", *(row.method for row in compared)],
            [[v, *(verdict(row.against.get(v)) for row in compared)] for v in values],
        ),
    ]


def verdict(c: Comparison | None) -> str:
    """``better, -0.160 ± 0.004``."""
    return f"{c.verdict}, {signed(c.difference)}" if c else NOTHING


def _judged_row(summary: Summary, row: Row) -> list[str]:
    c = row.against.get(summary.judged or "")
    if c is None:
        return [row.method, *[NOTHING] * 7]
    return [
        row.method,
        c.verdict,
        signed(c.difference),
        NOTHING if isnan(c.percent) else f"{c.percent:+.3g}",
        f"{100 * c.probability:.0f} %",
        NOTHING if c.p is None else f"{c.p:.2g}",
        f"{c.pairs}" + (f" ({c.dropped} dropped)" if c.dropped else ""),
        phrases.more_seeds(c) if c.verdict == "inconclusive" else NOTHING,
    ]
