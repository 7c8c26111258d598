"""Tables of the methods against the baseline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isnan

from ebmbench.report import phrases
from ebmbench.report.numbers import NOTHING, signed
from ebmbench.report.parts import Folded, Part, Table
from ebmbench.summary import Leaderboard, Row, Summary
from ebmbench.summary.statistics import Comparison

JUDGED = ("Method", "Verdict", "Difference", "Interval at", "%", "Pairs", "To settle it")
TESTS = ("Method", "p", "Sign flips", "Improvement")
VALUES = ("Value", "Method", "Verdict", "Difference")


def comparisons(summary: Summary, board: Leaderboard) -> list[Part]:
    """On the judged value in full, on all others in short."""
    compared = [row for row in board.rows if row.against]
    if not compared:
        return []
    judged = [(row.method, c) for row in compared if (c := row.against.get(summary.judged or ""))]
    return [
        Folded(f"Against {summary.baseline} on {summary.judged}"),
        Table(JUDGED, [_judged(method, c) for method, c in judged]),
        Table(TESTS, [_tests(method, c) for method, c in judged]),
        Folded(f"Against {summary.baseline} on every value"),
        f"Each value is a family of its own, but {summary.judged} as above.",
        Table(VALUES, [*_values(summary, compared)]),
    ]


def _judged(method: str, c: Comparison) -> list[str]:
    return [
        method,
        phrases.verdict(c),
        signed(c.difference),
        f"{100 * c.confidence:.3g} %",
        NOTHING if isnan(c.percent) else f"{c.percent:+.3g}",
        _pairs(c),
        phrases.more_seeds(c) if c.verdict == "inconclusive" else NOTHING,
    ]


def _tests(method: str, c: Comparison) -> list[str]:
    return [
        method,
        NOTHING if isnan(c.p) else f"{c.p:.2g}",
        NOTHING if c.p_flip is None else f"{c.p_flip:.2g}",
        f"{100 * c.probability:.0f} %",
    ]


def _values(summary: Summary, compared: Sequence[Row]) -> Iterator[list[str]]:
    """A row per value and method; a value is named where it begins."""
    for value in summary.values:
        found = [(row.method, c) for row in compared if (c := row.against.get(value))]
        for index, (method, c) in enumerate(found):
            yield ["" if index else value, method, phrases.verdict(c), signed(c.difference)]


def _pairs(c: Comparison) -> str:
    left_out = {"lost": c.lost, "lost by the baseline": c.baseline_lost, "dropped": c.dropped}
    why = ", ".join(f"{n} {what}" for what, n in left_out.items() if n)
    return f"{c.pairs}" + (f" ({why})" if why else "")
