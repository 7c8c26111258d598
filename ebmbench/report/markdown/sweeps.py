"""Tables of final values against a swept option."""

from __future__ import annotations

from collections.abc import Sequence

from ebmbench.report.markdown.escape import Markup, bold, escaped
from ebmbench.report.markdown.table import table
from ebmbench.report.sweep_table import Cell, about_verdicts, columns_of, points_over
from ebmbench.summary import Summary, Sweep


def sweep_tables(summary: Summary, sweeps: Sequence[Sweep]) -> list[str]:
    """A table per sweep and column, the best line of each row in bold."""
    parts = []
    for sweep in sweeps:
        for value in columns_of(summary, sweep):
            parts += [
                f"### {escaped(value)} over {escaped(sweep.axis.name)}",
                _table(summary, sweep, value),
            ]
        parts.append(escaped(about_verdicts(summary, sweep)))
    return parts


def _table(summary: Summary, sweep: Sweep, value: str) -> str:
    rows = points_over(summary, sweep, value)
    head = [sweep.axis.name, *sweep.lines]
    return table(head, [[x, *map(_text, cells)] for x, cells in rows])


def _text(cell: Cell) -> str:
    text = bold(cell.text) if cell.best else escaped(cell.text)
    return Markup(f"{text}, {cell.verdict}" if cell.verdict else text)
