"""The negative phase: what sets the methods apart, in units of the baseline's.

Per epoch, because methods with batches of different sizes make different numbers of updates of
the same data.
"""

from __future__ import annotations

from math import isnan

from ebmbench.report.numbers import ratio
from ebmbench.summary import Leaderboard, Row, Summary


def negative_line(summary: Summary, board: Leaderboard) -> str:
    """All methods in one sentence; "" where nothing can be said."""
    shares = [s for row in board.rows if _is_compared(summary, row) and (s := _share(row))]
    if not shares:
        return ""
    unit = f"{summary.baseline}'s multiply-adds and of its time"
    return f"The negative phases of an epoch take, of {unit}: {'; '.join(shares)}."


def _is_compared(summary: Summary, row: Row) -> bool:
    return not summary.is_baseline(row.method)


def _share(row: Row) -> str:
    r = row.negative_ratio
    if r is None or isnan(r.seconds):
        return ""
    return f"{row.method} {ratio(r.macs)} and {ratio(r.seconds)}"
