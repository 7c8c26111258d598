"""The report in a terminal: the answer, one table per dataset, and what went wrong.

Tables are made for 120 columns. Where one does not fit the terminal, it is given as two: verdicts,
places and values, with targets and costs below; or as more, if one of these does not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ebmbench.report.answer import answer, is_of_one_dataset
from ebmbench.report.cells import (
    cost_lines,
    place_lines,
    seeds_lines,
    target_lines,
    value_lines,
    verdict_lines,
)
from ebmbench.report.headline import headline
from ebmbench.report.negative import negative_line
from ebmbench.report.notices import busy, missing, skips, troubles, warnings
from ebmbench.report.phrases import judged_by, target_text
from ebmbench.report.sweep_table import Point, about_verdicts, columns_of, points_over
from ebmbench.summary import Leaderboard, Row, Summary, Sweep, metric_of, part_of, variant_of

NAME_WIDTHS = (24, 16, 11)  # of the methods' column, the first that makes the table fit
MOST_COMPARED = 6  # methods whose negative phases one sentence sets side by side
VERDICT_STYLES = {"better": "bold green", "worse": "bold red", "equivalent": "bold cyan"}


class Column(NamedTuple):
    """A column of the table: its heading, what a row says in it, and whether numbers do."""

    heading: str
    cell: Callable[[Row], Text]
    justify: Literal["left", "right"] = "left"


def show(summary: Summary, console: Console) -> None:
    """Print the report."""
    for warning in warnings(summary):
        console.print(Text(warning, style="bold yellow"))
    _show_sentences(answer(summary), console)
    for warning in busy(summary):
        console.print(Text(warning, style="yellow"))
    over = summary.dataset_sweeps()
    for board in summary.boards:
        if over and variant_of(summary.run, "datasets", board.dataset).swept:
            console.print(Text(f"{board.dataset}: {headline(summary, board)[0]}"))
        else:
            _show_board(summary, board, console)
    console.print()
    for sweep in over:
        _show_sweep(summary, sweep, console)
    _show_list(console, "Skipped", skips(summary))
    _show_list(console, "Diverged, failed or not known", troubles(summary))
    _show_list(console, "Missing", missing(summary))


def tables(summary: Summary, board: Leaderboard, width: int) -> list[Table]:
    """The board as one table, or as several where one is wider than ``width``."""
    method = Column("Method", _method)
    values = [_value_column(board, value) for value in summary.columns]
    verdict = [Column(_verdict_heading(summary), _verdict_of(summary))] if summary.baseline else []
    place = [_place_column(board)] if board.places else []
    effort = _effort_columns(summary)
    everything = [method, *verdict, *place, *values, *effort]
    whole = _fitted(board, everything, width)
    if _width(whole) <= width:
        return [whole]
    parts = [*verdict, *place, *values], effort
    return [table for columns in parts for table in _that_fit(board, method, columns, width)]


def sweep_table(summary: Summary, sweep: Sweep, value: str) -> Table:
    """A value over a sweep, a row per point, the best line of each in bold."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    table.title = Text(f"{value} on {sweep.dataset}")
    table.title_justify = "left"
    for heading in (sweep.axis.name, *sweep.lines):
        table.add_column(Text(heading), justify="right")
    for x, cells in points_over(summary, sweep, value):
        table.add_row(x, *map(_point, cells))
    return table


def _point(cell: Point) -> Text:
    text = Text(cell.text, style="bold" if cell.best else "")
    style = VERDICT_STYLES.get(cell.verdict, "")
    return text.append(f" {cell.verdict}", style=f"not bold {style}") if cell.verdict else text


def _effort_columns(summary: Summary) -> list[Column]:
    """What a training takes; none where there is no training, or no target."""
    if not summary.trained:
        return []
    target = [Column(_target_heading(summary), _target)] if summary.target else []
    return [*target, Column("cost per update", _cost)]


def _show_sweep(summary: Summary, sweep: Sweep, console: Console) -> None:
    for value in columns_of(summary, sweep):
        console.print(sweep_table(summary, sweep, value))
        console.print()
    if note := about_verdicts(summary, sweep):
        console.print(Text(note))
        console.print()


def _show_board(summary: Summary, board: Leaderboard, console: Console) -> None:
    console.print()
    names = dict.fromkeys((summary.run.suite, board.dataset))  # often the same
    console.rule(Text(": ".join(names), style="bold"))
    listed = summary.listed(board)
    if not is_of_one_dataset(summary):
        _show_sentences(headline(summary, board), console)
    if len(listed.rows) <= MOST_COMPARED:
        console.print(Text(negative_line(summary, listed)))
    console.print()
    for table in tables(summary, listed, console.width) if listed.rows else []:
        console.print(table)
        console.print()
    if len(listed.rows) < len(board.rows):
        for sweep in summary.sweeps(board):
            _show_sweep(summary, sweep, console)


def _show_sentences(said: Sequence[str], console: Console) -> None:
    """A line each, the first in bold."""
    for index, sentence in enumerate(said):
        console.print(Text(sentence, style="" if index else "bold"))


def _show_list(console: Console, title: str, lines: Sequence[str]) -> None:
    if lines:
        console.print(Text(title, style="bold"))
        console.print(Padding(Text("\n".join(lines)), (0, 0, 1, 2)))


def _fitted(board: Leaderboard, columns: Sequence[Column], width: int) -> Table:
    """With the widest column of names that fits, or the narrowest."""
    made = [_table(board, columns, names) for names in NAME_WIDTHS]
    return next((table for table in made if _width(table) <= width), made[-1])


def _that_fit(
    board: Leaderboard, method: Column, columns: Sequence[Column], width: int
) -> Iterator[Table]:
    """Tables with these columns beside the methods' names, each with as many as it has room for."""
    kept: list[Column] = []
    for column in columns:
        if kept and _width(_fitted(board, [method, *kept, column], width)) > width:
            yield _fitted(board, [method, *kept], width)
            kept = []
        kept.append(column)
    if kept:
        yield _fitted(board, [method, *kept], width)


def _table(board: Leaderboard, columns: Sequence[Column], name_width: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, leading=1, padding=(0, 1, 0, 0), show_edge=False)
    for column in columns:
        width = name_width if column is columns[0] else None
        table.add_column(Text(column.heading), justify=column.justify, max_width=width)
    for row in board.rows:
        table.add_row(*(column.cell(row) for column in columns))
    return table


def _width(table: Table) -> int:
    """The columns it takes to break no line of a cell."""
    wide = Console(width=10_000)
    return Measurement.get(wide, wide.options, table).maximum


def _method(row: Row) -> Text:
    name, *seeds = row.method, *seeds_lines(row)
    return Text(name, style="bold").append("\n" + "\n".join(seeds), style="not bold dim")


def _place_column(board: Leaderboard) -> Column:
    return Column("place", lambda row: Text("\n".join(place_lines(board, row.method))))


def _value_column(board: Leaderboard, value: str) -> Column:
    lead = board.leads.get(value)
    heading = f"{metric_of(value)}\n{part_of(value)}"

    def cell(row: Row) -> Text:
        lines = "\n".join(value_lines(row.final.get(value)))
        return Text(lines, style="bold" if lead and lead.best == row.method else "")

    return Column(heading, cell, "right")


def _target_heading(summary: Summary) -> str:
    return "median time\n" + target_text(summary).replace(" ", "\n", 1)


def _verdict_heading(summary: Summary) -> str:
    return judged_by(summary).replace(" on ", " on\n")


def _target(row: Row) -> Text:
    return Text("\n".join(target_lines(row.to_target)))


def _cost(row: Row) -> Text:
    return Text("\n".join(cost_lines(row)))


def _verdict_of(summary: Summary) -> Callable[[Row], Text]:
    def cell(row: Row) -> Text:
        if summary.is_baseline(row.method):
            return Text("baseline", style="dim")
        verdict, *why = verdict_lines(row.against.get(summary.judged or ""))
        text = Text(verdict, style=VERDICT_STYLES.get(verdict, ""))
        return text.append("".join("\n" + line for line in why), style="not bold default")

    return cell
