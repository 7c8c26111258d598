"""The best point of each line, where swept methods are too many to be compared one by one."""

from __future__ import annotations

from collections.abc import Iterable

from ebmbench.summary import Leaderboard, Row, Summary

WHY_NO_VERDICT = "The best of a sweep is picked after the fact, so there is no verdict."


def bests(summary: Summary, board: Leaderboard) -> list[str]:
    """Who is best on the judged value: of each line its best point, and all unswept methods."""
    judged = str(summary.judged)
    lines = [line.values() for sweep in summary.sweeps(board) for line in sweep.lines.values()]
    best = [row for line in lines if (row := _best(board, judged, line))]
    ranking = board.leads[judged].ranking
    alone = [row for row in summary.listed(board).rows if row.method in ranking]
    rows = {row.method: row for row in [*best, *alone]}
    ranked = sorted(rows, key=ranking.index)
    texts = ", ".join(f"{method} {rows[method].final[judged]}" for method in ranked)
    return [f"Best means of {judged}: {texts}.", WHY_NO_VERDICT]


def _best(board: Leaderboard, value: str, rows: Iterable[Row]) -> Row | None:
    """The row with the best mean; None where no row has the value whole."""
    ranking = board.leads[value].ranking
    found = [row for row in rows if row.method in ranking]
    return min(found, key=lambda r: ranking.index(r.method), default=None)
