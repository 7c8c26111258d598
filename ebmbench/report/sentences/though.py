"""What must not be left out where it is told that a method is ahead: values that went wrong.

They are no numbers at the end, or, of those that the main table shows, worse than before training.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ebmbench.report.phrases import seeds
from ebmbench.report.sentences.not_finite import WHY, not_finite
from ebmbench.report.sentences.words import is_or_are, names
from ebmbench.summary import Leaderboard, Row, Summary

MOST_TOLD = 4  # methods, a sentence each


def though(summary: Summary, board: Leaderboard, method: str) -> str:
    """``, though its nll.test is ...``, the end of a sentence; "" if nothing went wrong."""
    said = _went_wrong(summary, board, method)
    return f", though {said}" if said else ""


def of_each(summary: Summary, board: Leaderboard, methods: Iterable[str]) -> list[str]:
    """The same of several methods, a sentence for each; many share one."""
    told = {m: said for m in methods if (said := _went_wrong(summary, board, m))}
    first = [f"{m}'s {said.removeprefix('its ')}." for m, said in [*told.items()][:MOST_TOLD]]
    others = [*told][MOST_TOLD:]
    alike = f"Values of {names(others)} are not finite or worse than before training, too."
    return [*first, *([alike] if others else [])]


def on_datasets(summary: Summary, boards: Sequence[Leaderboard], method: str) -> str:
    """The same of several datasets: on which, and not how many seeds."""
    wrong = {
        f"not all its values are finite on {{}}: {WHY}": [
            board.dataset for board in boards if not_finite(summary, board, method)
        ],
        "it has values that are worse than before training on {}": [
            board.dataset for board in boards if _setbacks(summary, board.row(method))
        ],
    }
    said = " and ".join(text.format(names(where)) for text, where in wrong.items() if where)
    return f", though {said}" if said else ""


def _went_wrong(summary: Summary, board: Leaderboard, method: str) -> str:
    said = not_finite(summary, board, method), _worse(summary, board.row(method))
    return ", and ".join(filter(None, said))


def _worse(summary: Summary, row: Row) -> str:
    """``its nll.test is worse than before training on 2 of 5 seeds``; "" if nothing is."""
    found = _setbacks(summary, row)
    if not found:
        return ""
    values, numbers, of = [*found], sorted(found.values()), row.seeds.done
    most = f"{numbers[-1]}" if numbers[0] == numbers[-1] else f"up to {numbers[-1]}"
    where = f"on all {seeds(of)}" if numbers[0] == of > 1 else f"on {most} of {seeds(of)}"
    said = f"its {names(values)} {is_or_are(values)} worse than before training {where}"
    return said + _how_far(summary, row, values[-1])


def _setbacks(summary: Summary, row: Row) -> dict[str, int]:
    shown = {*summary.columns, summary.judged}
    return {value: number for value, number in row.setbacks.items() if value in shown}


def _how_far(summary: Summary, row: Row, value: str) -> str:
    """`` (nll.test 7.5e+09 on average, 5.0 before)``; "" where the mean is not worse."""
    start, *_, end = row.curves[value].values
    lower = summary.better(value) == "lower"
    if not (end.mean > start.mean if lower else end.mean < start.mean):
        return ""
    return f" ({value} {end.mean_text} on average, {start.mean_text} before)"
