"""At what cost: an update and a training of the first, beside those of the one it is held against.

Where several share the first place, the cheapest of them is what a reader can use.
"""

from __future__ import annotations

from math import isfinite

from ebmbench.report.numbers import duration
from ebmbench.report.sentences.standing import standing_of
from ebmbench.report.sentences.words import short, times
from ebmbench.summary import Leaderboard, Summary, UpdateCost

ALIKE = 1.3  # ratios by less than this factor apart say the same


def price(summary: Summary, board: Leaderboard) -> str:
    """The cost in a sentence; "" where none is known."""
    standing = standing_of(summary, board)
    if standing.end == "few seeds" or not summary.trained:
        return ""
    if standing.end in ("open", "equal"):
        who = "share the first place" if standing.end == "open" else "are equivalent"
        return _cheapest(board, standing.steady, f"those that {who}")
    if not standing.first:
        return _of_all(board)
    best = standing.first[0]
    mine = board.row(best).cost
    other = _held_against(summary, board, best)
    theirs = board.row(other).cost if other else None
    if mine is None:
        return ""
    if other is None or theirs is None:
        return f"An update of {best} takes {duration(mine.total_seconds)}."
    ratio = mine.total_seconds / theirs.total_seconds
    how = f"An update of {best} takes {duration(mine.total_seconds)}, {times(ratio)} {other}'s"
    return f"{how} {duration(theirs.total_seconds)}{_whole(mine, theirs, ratio)}."


def training_seconds(cost: UpdateCost) -> float:
    """Of a whole training; NaN where no seed finished one."""
    return cost.total_seconds * cost.updates


def _whole(mine: UpdateCost, theirs: UpdateCost, ratio: float) -> str:
    """The whole trainings, where they compare otherwise than their updates do."""
    whole = training_seconds(mine) / training_seconds(theirs)
    if not isfinite(whole) or 1 / ALIKE < whole / ratio < ALIKE:
        return ""
    return f"; its training, of other batches, {times(whole)} that one's"


def _held_against(summary: Summary, board: Leaderboard, best: str) -> str | None:
    """The baseline, or the runner-up where the best is the baseline itself or there is none."""
    baseline = summary.baseline_of(best)
    methods = {row.method for row in board.rows}
    if baseline in methods and baseline != best:
        return baseline
    lead = board.leads[str(summary.judged)]
    return lead.rival


def _cheapest(board: Leaderboard, first: tuple[str, ...], those: str) -> str:
    costs = {m: training_seconds(c) for m in first if (c := board.row(m).cost)}
    known = {m: seconds for m, seconds in costs.items() if isfinite(seconds)}
    if len(known) < 2:
        return ""
    cheap, dear = min(known, key=known.__getitem__), max(known, key=known.__getitem__)
    a_seed = f"{duration(known[cheap])} a seed"
    if known[dear] < ALIKE * known[cheap]:
        return f"Of {those}, none is much cheaper to train than {cheap}, {a_seed}."
    longer = f"{dear} takes {short(known[dear] / known[cheap])} times as long"
    return f"Of {those}, {cheap} is the cheapest to train, {a_seed}; {longer}."


def _of_all(board: Leaderboard) -> str:
    """The cheapest and the dearest update, where nobody is first."""
    costs = {row.method: row.cost.total_seconds for row in board.rows if row.cost}
    if len(costs) < 2:
        return ""
    cheap, dear = min(costs, key=costs.__getitem__), max(costs, key=costs.__getitem__)
    ends = f"{duration(costs[cheap])} ({cheap}) to {duration(costs[dear])} ({dear})"
    return f"An update takes {ends}."
