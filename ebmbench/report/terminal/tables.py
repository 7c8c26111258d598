"""A board as tables that fit a terminal: one, or as many as it takes.

Tables are made for 120 columns. Where one does not fit the terminal, it is given as two: verdicts,
places and values, with targets and costs below; or as more, if one of these does not fit. Many
methods have a line each, or two where there is no room for all that a line says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from ebmbench.report.terminal.brief import brief_forms, is_brief
from ebmbench.report.terminal.columns import Column, Columns, in_full
from ebmbench.summary import Leaderboard, Summary

NAME_WIDTHS = (24, 16, 11)  # of the methods' column, the first that makes the table fit


def tables(summary: Summary, board: Leaderboard, width: int) -> list[Table]:
    """The board as one table, or as several where one is wider than ``width``."""
    forms = brief_forms(summary, board) if is_brief(board) else [in_full(summary, board)]
    for columns in forms:
        whole = _fitted(board, columns.all, width)
        if _width(whole) <= width:
            return [whole]
    return _parts(board, forms, width)


def _parts(board: Leaderboard, forms: Sequence[Columns], width: int) -> list[Table]:
    """Results, and below them the effort; each in the first of the forms that fits."""
    *others, last = forms
    found: list[Table] = []
    for part in ("results", "effort"):
        for columns in others:
            table = _fitted(board, [columns.method, *getattr(columns, part)], width)
            if _width(table) <= width:
                found.append(table)
                break
        else:
            found += _that_fit(board, last.method, getattr(last, part), width)
    return found


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
    leading = 0 if is_brief(board) else 1
    table = Table(box=box.SIMPLE_HEAD, leading=leading, padding=(0, 1, 0, 0), show_edge=False)
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
