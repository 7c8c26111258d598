"""Headings, texts and tables as Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from ebmbench.report.markdown.escape import Markup, bold, escaped, inline
from ebmbench.report.markdown.fitting import fitted
from ebmbench.report.markdown.table import table
from ebmbench.report.parts import Cell, Folded, Heading, Part, Table

LINE = "<br>"  # between the lines of a cell


def written(parts: Iterable[Part]) -> list[str]:
    """The parts as blocks of Markdown; what is folded opens where a reader asks for it."""
    blocks: list[str] = []
    is_open = False
    for part in parts:
        if isinstance(part, Heading) and is_open:
            blocks.append("</details>")
            is_open = False
        if isinstance(part, Folded):
            is_open = True
        blocks += _blocks(part)
    return [*blocks, *(["</details>"] if is_open else [])]


def folded(title: str, blocks: Iterable[str]) -> list[str]:
    """Blocks of Markdown that open where a reader asks for them."""
    return [_summary(title), *blocks, "</details>"]


def _blocks(part: Part) -> list[str]:
    if isinstance(part, Table):
        return [table(t.head, [[*map(_cell, row)] for row in t.rows]) for t in fitted(part)]
    if isinstance(part, Folded):
        return [_summary(part)]
    return [f"### {inline(part)}" if isinstance(part, Heading) else escaped(part)]


def _summary(title: str) -> str:
    return f"<details>\n<summary>{escape(title, quote=False)}</summary>"


def _cell(cell: str | Cell) -> str:
    if isinstance(cell, str):
        return cell
    text = LINE.join(map(bold if cell.bold else inline, cell.lines))
    return Markup(text + inline(cell.note))
