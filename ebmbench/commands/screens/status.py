"""What `status` shows."""

from __future__ import annotations

from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ebmbench.api.progress.words import counted
from ebmbench.api.status import FATES, Standing, Status
from ebmbench.report.numbers import span

MOST_REASONS = 10
LOST = ("diverged", "failed", "unmeasured")


def status_screen(status: Status) -> RenderableType:
    """A line per method, who is at work, why results are stale, and how a search goes."""
    found = [_table(status)] if status.rows else []
    lines = [Text(line) for line in (*_commands(status), *_reasons(status))]
    if status.search is None:
        return Group(*found, *lines)
    ended, of = status.search.trials
    stage = f"Search, {Path(status.search.run).name}: {ended} of {counted(of, 'trial')} have ended"
    what = Text("Then, with what is chosen:") if status.rows else Text("Nothing is chosen yet.")
    return Group(Text(stage), _table(status.search), what, *found, *lines)


def _table(status: Status) -> Table:
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
    return table


def _progress(row: Standing) -> tuple[str, str, str]:
    if row.epoch is None:
        return "", "", ""
    value = "" if row.value is None else f"{row.value:.3g}"
    return f"{row.epoch}/{row.epochs}", value, "" if row.left is None else span(row.left)


def _commands(status: Status) -> list[str]:
    if not status.commands:
        return [_ended(status) if status.is_complete else "No command is at work on it."]
    return [
        f"At work: process {owner.process} on {owner.host}, {len(owner.blocks)} "
        f"{'block' if len(owner.blocks) == 1 else 'blocks'}"
        for owner in status.commands
    ]


def _ended(status: Status) -> str:
    """Complete, with what was lost."""
    lost = [f"{status.totals[fate]} {fate}" for fate in LOST if status.totals[fate]]
    if not lost:
        return "Complete."
    done, cells = status.totals["done"], counted(sum(status.totals.values()), "cell")
    return f"Complete, and {done} of {cells} done: {', '.join(lost)}."


def _reasons(status: Status) -> list[str]:
    shown = list(status.reasons.items())[:MOST_REASONS]
    return [f"{count} stale: {reason}" for reason, count in shown]
