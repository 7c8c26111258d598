"""Tables as wide as a page of GitHub's shows them: 846 pixels, without a bar to scroll by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ebmbench.report.parts import Cell, Table

PAGE = 846  # pixels
LETTER = 8  # of the page's type, on average
AROUND = 27  # of a cell: padding and a line


def fitted(table: Table) -> Iterator[Table]:
    """The table if it fits; else with lines broken; else as several, the first column in each."""
    for candidate in (_on_one_line(table), table):
        if width(candidate) <= PAGE:
            yield candidate
            return
    yield from _split(table)


def width(table: Table) -> int:
    """In pixels, about."""
    return sum(_column_width(table, index) for index in range(len(table.head)))


def _column_width(table: Table, index: int) -> int:
    texts = [[table.head[index]], *(_lines(row[index]) for row in table.rows)]
    return AROUND + LETTER * max(len(line) for lines in texts for line in lines)


def _lines(cell: str | Cell) -> Sequence[str]:
    if isinstance(cell, str):
        return [cell]
    *others, last = cell.lines or [""]
    return [*others, last + cell.note]


def _on_one_line(table: Table) -> Table:
    rows = [
        [c if isinstance(c, str) else c._replace(lines=[" ".join(c.lines)]) for c in row]
        for row in table.rows
    ]
    return Table(table.head, rows)


def _split(table: Table) -> Iterator[Table]:
    """As many columns at a time as fit, at least one beside the first."""
    columns, begin = len(table.head), 1
    while begin < columns:
        end = begin + 1
        while end < columns and width(_columns(table, begin, end + 1)) <= PAGE:
            end += 1
        yield _columns(table, begin, end)
        begin = end


def _columns(table: Table, begin: int, end: int) -> Table:
    kept = [0, *range(begin, end)]
    return Table([table.head[i] for i in kept], [[row[i] for i in kept] for row in table.rows])
