"""A table's columns, with all that a report says of a method there: up to five lines for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from rich.text import Text

from ebmbench.report.cells import (
    cost_lines,
    place_lines,
    seeds_lines,
    target_lines,
    value_lines,
    verdict_lines,
)
from ebmbench.report.phrases import judged_by, target_text
from ebmbench.summary import Leaderboard, Row, Summary, metric_of, part_of

VERDICT_STYLES = {"better": "bold green", "worse": "bold red", "equivalent": "bold cyan"}


class Column(NamedTuple):
    """A column of the table: its heading, what a row says in it, and whether numbers do."""

    heading: str
    cell: Callable[[Row], Text]
    justify: Literal["left", "right"] = "left"


class Columns(NamedTuple):
    """Of a table: who, how it ended, and what a training takes; what was not asked has none."""

    method: Column
    results: list[Column]
    effort: list[Column]

    @property
    def all(self) -> list[Column]:
        """From left to right."""
        return [self.method, *self.results, *self.effort]


def in_full(summary: Summary, board: Leaderboard) -> Columns:
    """All that is said of each method."""
    values = [_value_column(board, value) for value in summary.columns]
    against = judged_by(summary).replace(" on ", " on\n")
    verdict = [Column(against, _verdict_of(summary))] if summary.baseline else []
    place = [_place_column(board)] if board.places else []
    to = "median time\n" + target_text(summary).replace(" ", "\n", 1)
    target = [Column(to, _target)] if has_target(summary) else []
    cost = [Column("cost per update", _cost)] if summary.trained else []
    return Columns(Column("Method", _method), [*verdict, *place, *values], [*target, *cost])


def has_target(summary: Summary) -> bool:
    """Whether there is a way to a target: none without a training."""
    return summary.trained and summary.target is not None


def value_heading(value: str) -> str:
    """The metric above its part."""
    return f"{metric_of(value)}\n{part_of(value)}"


def value_style(board: Leaderboard, value: str, row: Row) -> str:
    """Bold for the best mean of a column."""
    lead = board.leads.get(value)
    return "bold" if lead and lead.best == row.method else ""


def _method(row: Row) -> Text:
    name, *seeds = row.method, *seeds_lines(row)
    return Text(name, style="bold").append("\n" + "\n".join(seeds), style="not bold dim")


def _place_column(board: Leaderboard) -> Column:
    return Column("place", lambda row: Text("\n".join(place_lines(board, row.method))))


def _value_column(board: Leaderboard, value: str) -> Column:
    def cell(row: Row) -> Text:
        lines = "\n".join(value_lines(row.final.get(value)))
        return Text(lines, style=value_style(board, value, row))

    return Column(value_heading(value), cell, "right")


def _target(row: Row) -> Text:
    return Text("\n".join(target_lines(row.to_target)))


def _cost(row: Row) -> Text:
    return Text("\n".join(cost_lines(row)))


def _verdict_of(summary: Summary) -> Callable[[Row], Text]:
    def cell(row: Row) -> Text:
        if summary.is_baseline(row.method):
            return Text("baseline", style="dim")
        verdict, *why = verdict_lines(row.against.get(summary.judged or ""))
        text = Text(verdict, style=VERDICT_STYLES.get(verdict.partition(" ")[0], ""))
        return text.append("".join("\n" + line for line in why), style="not bold default")

    return cell
