"""Headings, texts and tables as Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from ebmbench.report.markdown.escape import Markup, bold, escaped, inline
from ebmbench.report.markdown.table import table
from ebmbench.report.parts import Cell, Heading, Part, Table

LINE = "<br>"  # between the lines of a cell


def written(parts: Iterable[Part]) -> list[str]:
    """The parts as blocks of Markdown."""
    return [_block(part) for part in parts]


def _block(part: Part) -> str:
    if isinstance(part, Table):
        return table(part.head, [[*map(_cell, row)] for row in part.rows])
    return f"### {inline(part)}" if isinstance(part, Heading) else escaped(part)


def _cell(cell: str | Cell) -> str:
    if isinstance(cell, str):
        return cell
    text = LINE.join(map(bold if cell.bold else inline, cell.lines))
    return Markup(text + inline(cell.note))
