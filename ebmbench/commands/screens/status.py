"""What `status` shows."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ebmbench.api.status import FATES, Standing, Status
from ebmbench.report.numbers import span

MOST_REASONS = 10


def status_screen(status: Status) -> RenderableType:
    """A line per method, who is at work, and why results are stale."""
    shown = [fate for fate in FATES if status.totals[fate]]
    table = Table(box=None, pad_edge=False)
    for column in ("dataset", "method"):
        table.add_column(column, overflow="fold")
    progress = ("so far", "value", "left") if status.totals["running"] else ()
    for column in (*shown, *progress):
        table.add_column(column, justify="right", no_wrap=True)
    for row in status.rows:
        counts = (str(row.cells[fate] or "") for fate in shown)
        more = _progress(row) if progress else ()
        table.add_row(Text(row.dataset), Text(row.method), *counts, *more)
    lines = [Text(line) for line in (*_commands(status), *_reasons(status))]
    return Group(table, *lines)


def _progress(row: Standing) -> tuple[str, str, str]:
    if row.epoch is None:
        return "", "", ""
    value = "" if row.value is None else f"{row.value:.3g}"
    return f"{row.epoch}/{row.epochs}", value, "" if row.left is None else span(row.left)


def _commands(status: Status) -> list[str]:
    if not status.owners:
        return ["No command is at work on it." if not status.is_complete else "Complete."]
    return [
        f"At work: process {owner.process} on {owner.host}, {len(owner.blocks)} "
        f"{'block' if len(owner.blocks) == 1 else 'blocks'}"
        for owner in status.owners
    ]


def _reasons(status: Status) -> list[str]:
    shown = list(status.reasons.items())[:MOST_REASONS]
    return [f"{count} stale: {reason}" for reason, count in shown]
