"""What a plan will take, for people."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ebmbench.api.forecast import Forecast
from ebmbench.api.search_forecast import SearchForecast
from ebmbench.report.numbers import duration, span

BASIS = {"records": "records", "roofline": "roofline, a guess", "budget": "budget"}


def forecast_document(found: Forecast, search: SearchForecast | None) -> dict[str, Any]:
    """As plain data; the seconds are of all that is left, with the search."""
    if search is None:
        return found.document()
    seconds = found.seconds + search.seconds
    is_guess = found.is_guess or search.is_guess
    whole = {"seconds": seconds, "is_guess": is_guess, "search": search._asdict()}
    return {**found.document(), **whole}


def show_forecast(found: Forecast, search: SearchForecast | None, console: Console) -> None:
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
    console.print(_whole(found, search), highlight=False, soft_wrap=True)


def _whole(found: Forecast, search: SearchForecast | None) -> str:
    there, cells = (sum(getattr(each, key) for each in found.methods) for key in ("there", "cells"))
    trials = search.cells if search else 0
    if there == cells and not trials:
        return "Nothing is left to run."
    seconds = found.seconds + (search.seconds if search else 0.0)
    is_guess = found.is_guess or (search is not None and search.is_guess)
    about = "by a guess " if is_guess else "about "
    of_search = (
        f" and {trials} of the search, which takes {span(search.seconds)} of it,"
        if search and trials
        else ""
    )
    workers = f"{found.workers} worker" + ("s" if found.workers > 1 else "")
    free = "" if found.free is None else f" of {found.free / 1e9:,.1f} GB that are free"
    return (
        f"{cells - there} of {cells} cells{of_search} are left: {about}{span(seconds)} with "
        f"{workers}, "
        f"up to {found.memory / 1e9:,.2f} GB{free}, metrics apart."
    )
