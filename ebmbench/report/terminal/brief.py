"""The columns of a table with many methods: a line or two for each, and what that leaves out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import Literal

from rich.text import Text

from ebmbench.report import phrases
from ebmbench.report.cells import place_lines, seeds_lines, value_lines
from ebmbench.report.numbers import NOTHING, duration, signed
from ebmbench.report.terminal.columns import (
    VERDICT_STYLES,
    Column,
    Columns,
    has_target,
    value_heading,
    value_style,
)
from ebmbench.summary import Leaderboard, Row, Summary

MOST_IN_FULL = 8  # methods, at five lines each
SHORT = 8  # letters of a heading, as many as a cell has below it
Joint = Literal[" ", "\n"]
"""What stands between the first of a cell and the rest of it."""
MORE = "More in the Markdown report and on the page"


def is_brief(board: Leaderboard) -> bool:
    """Whether methods are too many to be told in full."""
    return len(board.rows) > MOST_IN_FULL


def brief_forms(summary: Summary, board: Leaderboard) -> list[Columns]:
    """The same in less and less width: a line, one without percentages, and two lines."""
    return [
        _in_brief(summary, board, " ", percent=True),
        _in_brief(summary, board, " ", percent=False),
        _in_brief(summary, board, "\n", percent=True),
    ]


def _in_brief(summary: Summary, board: Leaderboard, joint: Joint, percent: bool) -> Columns:
    """The verdict, its percentage, the place, values, and times; each cell on one line or two."""
    seeds = [] if _same_seeds(board) else [_column("seeds", _seeds, joint)]
    against = f"vs {summary.baseline}\non {summary.judged}"
    verdict = _column(against, _verdict_of(summary, percent), joint, style=_of_verdict)
    place = _column("place", lambda row: place_lines(board, row.method), joint)
    values = [_value_column(board, value, joint) for value in summary.columns]
    target = _column(_target_heading(summary, joint), _target, joint, "right")
    cost = _column("time per\nupdate", _cost, joint, "right")
    return Columns(
        _column("Method", lambda row: [row.method], joint, style=lambda row, text: "bold"),
        [*seeds, *[verdict] * bool(summary.baseline), *[place] * bool(board.places), *values],
        [*[target] * has_target(summary), *[cost] * summary.trained],
    )


def said_above(board: Leaderboard) -> str:
    """How many seeds all methods have, where these are as many; else a column tells."""
    return f"{', '.join(seeds_lines(board.rows[0]))} each." if _same_seeds(board) else ""


def left_out(summary: Summary, board: Leaderboard) -> str:
    """What the full form says more; "" where that is nothing."""
    compared = any(row.against for row in board.rows)
    told = [
        *(["differences, p, seeds needed"] if compared else []),
        *(["updates to the target"] if has_target(summary) else []),
        *(["counted costs"] if summary.trained else []),
    ]
    return f"{MORE}: {', '.join(told)}." if told else ""


def _column(
    heading: str,
    parts: Callable[[Row], Sequence[str]],
    joint: Joint,
    justify: Literal["left", "right"] = "left",
    style: Callable[[Row, str], str] = lambda row, text: "",
) -> Column:
    def cell(row: Row) -> Text:
        first, *rest = parts(row)
        text = Text(first, style=style(row, first))
        return text.append(joint + " ".join(rest), style="not bold default") if rest else text

    return Column(heading, cell, justify)


def _value_column(board: Leaderboard, value: str, joint: Joint) -> Column:
    def style(row: Row, text: str) -> str:
        return value_style(board, value, row)

    def parts(row: Row) -> list[str]:
        return _value(row, value)

    return _column(_broken(value_heading(value), joint), parts, joint, "right", style)


def _broken(heading: str, joint: Joint) -> str:
    """A long name in lines, where cells are."""
    if joint == " " or len(heading) <= SHORT:
        return heading
    return heading.replace("_", "_\n").replace(".", ".\n")


def _same_seeds(board: Leaderboard) -> bool:
    return len({row.seeds for row in board.rows}) == 1


def _seeds(row: Row) -> list[str]:
    _, *others = seeds_lines(row)
    return [str(row.seeds.done), *others]


def _value(row: Row, value: str) -> list[str]:
    """The mean and its width; of equal values not how many seeds may differ."""
    final = row.final.get(value)
    return [part for part in value_lines(final) if "differ" not in part]


def _verdict_of(summary: Summary, percent: bool) -> Callable[[Row], list[str]]:
    def parts(row: Row) -> list[str]:
        if summary.is_baseline(row.method):
            return ["baseline"]
        c = row.against.get(summary.judged or "")
        if c is None:
            return [NOTHING]
        size = phrases.percent(c).strip(" ()") or signed(c.difference)
        return [phrases.verdict(c), *[size] * percent]

    return parts


def _of_verdict(row: Row, text: str) -> str:
    return "dim" if text == "baseline" else VERDICT_STYLES.get(text, "")


def _target_heading(summary: Summary, joint: Joint) -> str:
    value, _, limit = phrases.target_text(summary).partition(" ")
    return f"median\ntime to\n{_broken(value, joint)}\n{limit}"


def _target(row: Row) -> list[str]:
    """The median time, and how many seeds got there where not all did."""
    to = row.to_target
    if to is None:
        return [NOTHING]
    share = [] if to.reached == to.seeds else [f"{to.reached}/{to.seeds}"]
    return ["never" if to.updates == inf else duration(to.seconds), *share]


def _cost(row: Row) -> list[str]:
    return [duration(row.cost.total_seconds) if row.cost else NOTHING]
