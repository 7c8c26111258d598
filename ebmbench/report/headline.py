"""A dataset in a few sentences: who won, by how much, how surely, at what cost, what is open."""

from __future__ import annotations

from ebmbench.report.sentences.baseline import against_baseline
from ebmbench.report.sentences.elsewhere import elsewhere
from ebmbench.report.sentences.price import price
from ebmbench.report.sentences.remarks import UNTRAINED, lost, so_far, tuned
from ebmbench.report.sentences.standing import standing_of
from ebmbench.report.sentences.swept import swept
from ebmbench.report.sentences.winner import winner
from ebmbench.summary import Leaderboard, Summary


def headline(summary: Summary, board: Leaderboard) -> list[str]:
    """A board in a few sentences, the most important first."""
    end = standing_of(summary, board).end
    told = swept(summary, board) if end == "swept" else winner(summary, board)
    if end != "nothing" and told:
        told[0] = f"{so_far(board)}{told[0]}"
    if end in ("won", "equal", "open"):
        told += [against_baseline(summary, board), *elsewhere(summary, board)]
    if end != "swept":
        told.append(price(summary, board))
    untrained = "" if summary.trained or end == "nothing" else UNTRAINED
    return [each for each in (*told, lost(board), tuned(summary, board), untrained) if each]
