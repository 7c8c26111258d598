"""The methods of a dataset against the baseline: who is better, who worse, and who not decided."""

from __future__ import annotations

from collections.abc import Sequence

from ebmbench.report.sentences.standing import standing_of
from ebmbench.report.sentences.words import is_or_are, names
from ebmbench.summary import Leaderboard, Summary
from ebmbench.summary.statistics import Verdict

SAID: dict[Verdict, str] = {
    "better": "better",
    "worse": "worse",
    "equivalent": "equivalent",
    "inconclusive": "undecided",
}


def against_baseline(summary: Summary, board: Leaderboard) -> str:
    """All that no sentence before it has told; "" where there is nothing left."""
    lead = board.leads[str(summary.judged)]
    told = {lead.best, lead.rival} if _is_pair(summary, board) else set()
    told |= {standing_of(summary, board).winner}
    found: dict[Verdict, list[str]] = {verdict: [] for verdict in SAID}
    for row in board.rows:
        against = row.against.get(str(summary.judged))
        if against and row.method not in told:
            found[against.verdict].append(row.method)
    parts = [f"{names(m)} {is_or_are(m)} {SAID[v]}" for v, m in found.items() if m]
    if not parts:
        return ""
    said = f"Against the baseline {summary.baseline}, {'; '.join(parts)}."
    return said + _though_first(found["worse"], standing_of(summary, board).first)


def _though_first(worse: list[str], first: Sequence[str]) -> str:
    """Verdicts compare with one method, and places all pairs: then fewer are told apart."""
    both = [method for method in worse if method in first]
    if not both:
        return ""
    return f" Places compare all pairs, which tells fewer apart: so {names(both)} may be first."


def _is_pair(summary: Summary, board: Leaderboard) -> bool:
    """Whether the best and the one that it is held against are a method and its baseline."""
    lead = board.leads[str(summary.judged)]
    opponents = summary.baseline_of(lead.best), summary.baseline_of(str(lead.rival))
    return lead.rival == opponents[0] or lead.best == opponents[1]
