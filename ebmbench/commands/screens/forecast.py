"""What a plan will take, for people."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ebmbench.api.forecast import Forecast
from ebmbench.report.numbers import duration, span

BASIS = {"records": "records", "roofline": "roofline, a guess", "budget": "budget"}


def show_forecast(found: Forecast, console: Console) -> None:
    """A line per dataset and method, and the whole."""
    table = Table(box=None, pad_edge=False)
    for column in ("dataset", "method"):
        table.add_column(column, overflow="fold", min_width=10)
    for column in ("cells", "there", "a cell\ntakes"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("by this\nmachine's", no_wrap=True)
    for each in found.methods:
        numbers = str(each.cells), str(each.there), duration(each.seconds)
        names = escape(each.dataset), escape(each.method)
        table.add_row(*names, *numbers, BASIS[each.basis])
    console.print()
    console.print(table)
    console.print(_whole(found), highlight=False, soft_wrap=True)


def _whole(found: Forecast) -> str:
    there, cells = (sum(getattr(each, key) for each in found.methods) for key in ("there", "cells"))
    if there == cells:
        return "Nothing is left to run."
    about = "by a guess " if found.is_guess else "about "
    workers = f"{found.workers} worker" + ("s" if found.workers > 1 else "")
    free = "" if found.free is None else f" of {found.free / 1e9:,.1f} GB that are free"
    return (
        f"{cells - there} of {cells} cells are left: {about}{span(found.seconds)} with {workers}, "
        f"up to {found.memory / 1e9:,.2f} GB{free}, metrics apart."
    )
