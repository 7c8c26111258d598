"""What else a reader must know of a dataset's result: lost seeds, tuning, no training."""

from __future__ import annotations

from ebmbench.report.phrases import seeds
from ebmbench.report.sentences.words import names
from ebmbench.summary import Leaderboard, Row, Summary

UNTRAINED = "Nothing was trained: these are values of models as they are made."


def so_far(board: Leaderboard) -> str:
    """What stands before the first sentence while cells have no result; "" once all have."""
    missing = sum(row.seeds.missing for row in board.rows)
    if not missing:
        return ""
    every = sum(row.seeds.done + row.seeds.lost + row.seeds.missing for row in board.rows)
    return f"So far, with {missing} of {every} cells without a result: "


def lost(board: Leaderboard) -> str:
    """Who lost how many seeds, and what they count as; "" where none is lost."""
    found = [_lost(row) for row in board.rows if row.seeds.lost]
    which = (
        "which count as its worst value"
        if len(found) == 1
        else ("each counting as the worst value of its method")
    )
    return f"{names(found)}, {which}." if found else ""


def tuned(summary: Summary, board: Leaderboard) -> str:
    """That methods were tuned, and which were not; "" where none was."""
    found = summary.run.tuning
    mine = {each.method for each in found.on(board.dataset)} if found else set()
    if not found or not mine:
        return ""
    others = [row.method for row in board.rows if row.method not in mine]
    how = f"tuned by {found.spec.trials} trials each, on other seeds and held-out rows"
    if not others:
        return f"All methods were {how}."
    return f"Methods were {how}; not so {names(others)}."


def _lost(row: Row) -> str:
    s = row.seeds
    all_of = s.done + s.lost
    how = [f"{s.diverged} diverged" * bool(s.diverged), f"{s.failed} failed" * bool(s.failed)]
    number = f"all {seeds(all_of)}" if s.lost == all_of > 1 else f"{s.lost} of {seeds(all_of)}"
    return f"{row.method} lost {number} ({', '.join(filter(None, how))})"
