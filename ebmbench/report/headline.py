"""The headline: who won, by how much, how surely, at what cost; and who won elsewhere."""

from __future__ import annotations

from ebmbench.report import phrases
from ebmbench.report.bests import bests
from ebmbench.report.notices import lost
from ebmbench.report.numbers import duration
from ebmbench.summary import Leaderboard, Summary


def headline(summary: Summary, board: Leaderboard) -> list[str]:
    """A board in a few sentences, the most important first."""
    judged = summary.judged
    if judged is None or judged not in board.leads:
        why = "no method has a final value that could be judged, on all seeds that ended well"
        return [f"Nothing to compare yet: {why}."]
    if len(summary.listed(board).rows) < len(board.rows):
        return [each for each in (*bests(summary, board), lost(summary, board)) if each]
    sentences = [
        _winner(summary, board, judged),
        _over_baseline(summary, board, judged),
        lost(summary, board),
        *_elsewhere(board, judged),
        _price(summary, board, judged),
    ]
    return [sentence for sentence in sentences if sentence]


def _winner(summary: Summary, board: Leaderboard, value: str) -> str:
    lead, c = board.leads[value], board.leads[value].comparison
    best = phrases.value(board.row(lead.best).final[value], summary.unit(value))
    if lead.rival is None or c is None:
        return f"Only {lead.best} has a final {value}: {best}."
    rival = f"the {_role(summary, lead.rival)}'s {board.row(lead.rival).final[value]}"
    if c.verdict == "better":
        sure = f"{phrases.amount(c)}, {phrases.sureness(c)}"
        return f"{lead.best} wins on {value}: {best} against {rival}; {sure}."
    leads = f"{lead.best} has the best mean, {best} against {rival}"
    if c.verdict == "equivalent":
        return f"No winner on {value}: {leads}, but they are equivalent, {phrases.within(c)}."
    return f"No clear winner on {value}: {leads}, but {phrases.doubt(c)}."


def _role(summary: Summary, rival: str) -> str:
    return ("baseline " if summary.is_baseline(rival) else "runner-up ") + rival


def _over_baseline(summary: Summary, board: Leaderboard, value: str) -> str:
    lead = board.leads[value]
    c, opponent = board.row(lead.best).against.get(value), summary.baseline_of(lead.best)
    if c is None or opponent is None or lead.rival == opponent:
        return ""
    baseline = f"the baseline {opponent}'s {board.row(opponent).final[value]}"
    if c.verdict == "inconclusive":
        return f"Against {baseline}, {phrases.doubt(c)}."
    if c.verdict == "equivalent":
        return f"It is equivalent to {baseline}, {phrases.within(c)}."
    return f"It is {c.verdict} than {baseline}: {phrases.amount(c)}, {phrases.sureness(c)}."


def _elsewhere(board: Leaderboard, judged: str) -> list[str]:
    """The columns on which another method is ahead: surely, or not told apart."""
    favourite = board.leads[judged].best
    others = [v for v, lead in board.leads.items() if lead.best != favourite]
    sure = [v for v in others if _surely(board, v, judged)]
    stories = "; ".join(_other_story(board, v, favourite) for v in sure)
    unsure = [f"{v} ({board.leads[v].best}{_part(board, v, favourite)})" for v in others
              if v not in sure]  # fmt: skip
    return [
        f"Other columns tell another story: {stories}." if sure else "",
        f"Nominally ahead elsewhere, not told apart: {', '.join(unsure)}." if unsure else "",
    ]


def _surely(board: Leaderboard, value: str, judged: str) -> bool:
    """Whether another method is better than the favourite, or alone has the value at all."""
    lead = board.leads[value]
    if lead.comparison is not None:
        return lead.comparison.verdict == "better"
    favourite = board.row(board.leads[judged].best)
    return lead.rival is None and value not in favourite.final


def _part(board: Leaderboard, value: str, favourite: str) -> str:
    """That the favourite has the value on some of its seeds only; "" where that is not so."""
    final = board.row(favourite).final.get(value)
    return (
        f"; {favourite} has it on {final.n} of {final.of} seeds" if final and final.partial else ""
    )


def _other_story(board: Leaderboard, value: str, favourite: str) -> str:
    lead = board.leads[value]
    best = f"on {value} {lead.best} has the best mean ({board.row(lead.best).final[value]})"
    if favourite not in lead.ranking:
        return f"{best} and {favourite} has no value"
    place = f"number {lead.ranking.index(favourite) + 1} of {len(lead.ranking)}"
    return f"{best} and {favourite} is {place} ({board.row(favourite).final[value]})"


def _price(summary: Summary, board: Leaderboard, judged: str) -> str:
    row = board.row(board.leads[judged].best)
    opponent = summary.baseline_of(row.method)
    baseline = next((r for r in board.rows if r.method == opponent), None)
    if row.cost is None:
        return ""
    cost = f"An update costs {row.method} {duration(row.cost.total_seconds)}"
    if baseline is None or baseline is row or baseline.cost is None:
        return cost + "."
    return f"{cost}, {baseline.method} {duration(baseline.cost.total_seconds)}."
