"""Tables of the methods against the baseline."""

from __future__ import annotations

from math import isnan

from ebmbench.report import phrases
from ebmbench.report.numbers import NOTHING, signed
from ebmbench.report.parts import Heading, Part, Table
from ebmbench.summary import Leaderboard, Row, Summary
from ebmbench.summary.statistics import Comparison

COLUMNS = (
    *("Method", "Verdict", "Difference", "Interval at", "%", "Improvement", "p", "Sign flips"),
    *("Pairs", "To settle it"),
)


def comparisons(summary: Summary, board: Leaderboard) -> list[Part]:
    """On the judged value in full, on all others in short."""
    compared = [row for row in board.rows if row.against]
    if not compared:
        return []
    values = [v for v in summary.values if any(v in row.against for row in compared)]
    return [
        Heading(f"Against {summary.baseline}"),
        f"On {summary.judged}:",
        Table(COLUMNS, [_judged_row(summary, row) for row in compared]),
        f"On every value (each line is a family of its own, but {summary.judged} as above):",
        Table(
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
        return [row.method, *[NOTHING] * (len(COLUMNS) - 1)]
    return [
        row.method,
        c.verdict,
        signed(c.difference),
        f"{100 * c.confidence:.3g} %",
        NOTHING if isnan(c.percent) else f"{c.percent:+.3g}",
        f"{100 * c.probability:.0f} %",
        NOTHING if isnan(c.p) else f"{c.p:.2g}",
        NOTHING if c.p_flip is None else f"{c.p_flip:.2g}",
        _pairs(c),
        phrases.more_seeds(c) if c.verdict == "inconclusive" else NOTHING,
    ]


def _pairs(c: Comparison) -> str:
    left_out = {"lost": c.lost, "lost by the baseline": c.baseline_lost, "dropped": c.dropped}
    why = ", ".join(f"{n} {what}" for what, n in left_out.items() if n)
    return f"{c.pairs}" + (f" ({why})" if why else "")
