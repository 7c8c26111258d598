"""The other columns: where another method than the first is ahead."""

from __future__ import annotations

from ebmbench.report.sentences.standing import standing_of
from ebmbench.report.sentences.though import though
from ebmbench.report.sentences.words import names
from ebmbench.summary import Leaderboard, Summary


def elsewhere(summary: Summary, board: Leaderboard) -> list[str]:
    """Columns on which another method is surely ahead, and those that tell nothing apart."""
    favourite = board.leads[str(summary.judged)].best
    others = [v for v, lead in board.leads.items() if lead.best != favourite]
    sure = [v for v in others if _surely(board, v, favourite)]
    unsure = [f"{v} ({board.leads[v].best})" for v in others if v not in sure]
    return [
        *_stories(summary, board, sure, favourite),
        f"Others have the better mean, not told apart, on {names(unsure)}." if unsure else "",
    ]


def _stories(summary: Summary, board: Leaderboard, values: list[str], favourite: str) -> list[str]:
    """A sentence per method that is ahead of the favourite somewhere."""
    by_leader: dict[str, list[str]] = {}
    for value in values:
        by_leader.setdefault(board.leads[value].best, []).append(value)
    told = standing_of(summary, board).first  # of whom it is said already what went wrong
    return [
        _story(board, leader, mine, favourite)
        + ("" if leader in told else though(summary, board, leader))
        + "."
        for leader, mine in by_leader.items()
    ]


def _story(board: Leaderboard, leader: str, values: list[str], favourite: str) -> str:
    known = [v for v in values if v in board.row(favourite).final]
    if not known:
        return f"On {names(values)} only others than {favourite} have a value; {leader} is ahead"
    value = known[-1]
    mine, theirs = (board.row(m).final[value].mean_text for m in (leader, favourite))
    return (
        f"But on {names(values)} {leader} is better than {favourite}: {mine} against {theirs}"
        f"{f' on {value}' if len(values) > 1 else ''}"
    )


def _surely(board: Leaderboard, value: str, favourite: str) -> bool:
    """Whether another method is better than the favourite, or alone has the value at all."""
    lead = board.leads[value]
    if lead.comparison is not None:
        return lead.comparison.verdict == "better"
    return lead.rival is None and value not in board.row(favourite).final
