"""A value over a sweep, as a table of a terminal."""

from __future__ import annotations

from rich import box
from rich.table import Table
from rich.text import Text

from ebmbench.report.sweep_table import Point, points_over
from ebmbench.report.terminal.columns import VERDICT_STYLES
from ebmbench.summary import Summary, Sweep


def sweep_table(summary: Summary, sweep: Sweep, value: str) -> Table:
    """A row per point, the best line of each in bold."""
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
