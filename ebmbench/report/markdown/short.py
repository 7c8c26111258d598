"""The report in short, for a pull request or a job's summary: the answer, and who stands where."""

from __future__ import annotations

from ebmbench.report.markdown.document import opening
from ebmbench.report.markdown.escape import escaped
from ebmbench.report.markdown.parts import written
from ebmbench.report.parts import Table
from ebmbench.report.sections import about_main_table, main_table
from ebmbench.report.sentences.standing import standing_of
from ebmbench.summary import Leaderboard, Summary

MOST_LINES = 59
MOST_METHODS = 10  # of a table
MOST_DATASETS = 15


def short(summary: Summary) -> str:
    """At most :data:`MOST_LINES` lines of Markdown."""
    blocks = [*opening(summary), *_results(summary)]
    lines = "\n\n".join(block for block in blocks if block).split("\n")
    return "\n".join(lines[:MOST_LINES]) + "\n"


def _results(summary: Summary) -> list[str]:
    """The main table of a single dataset, the first places on several."""
    if len(summary.boards) > 1:
        return _first_places(summary)
    (board,) = summary.boards
    listed = summary.listed(board)
    return [
        *written(
            _best_rows(listed, summary.judged, table) for table in main_table(summary, listed)
        ),
        escaped(about_main_table(summary, listed)),
        _left_out(len(listed.rows), MOST_METHODS, "methods"),
    ]


def _best_rows(board: Leaderboard, judged: str | None, table: Table) -> Table:
    """Where there are many, the best by the judged value, in the order of the suite."""
    ranking = next((lead.ranking for v, lead in board.leads.items() if v == judged), ())
    ranks = [
        ranking.index(m) if m in ranking else len(ranking)
        for m in (row.method for row in board.rows)
    ]
    kept = sorted(sorted(range(len(ranks)), key=ranks.__getitem__)[:MOST_METHODS])
    return Table(table.head, [table.rows[i] for i in kept])


def _first_places(summary: Summary) -> list[str]:
    rows = [
        [board.dataset, standing.named(standing.first) or "-"]
        for board in summary.boards[:MOST_DATASETS]
        for standing in [standing_of(summary, board)]
    ]
    table = Table(["Dataset", f"First, or sharing the first place, on {summary.judged}"], rows)
    return [*written([table]), _left_out(len(summary.boards), MOST_DATASETS, "datasets")]


def _left_out(number: int, most: int, what: str) -> str:
    return f"{number - most} more {what} are left out here." if number > most else ""
