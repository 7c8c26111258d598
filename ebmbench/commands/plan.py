"""``ebmbench plan``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ebmbench.commands.options import (
    AsJson,
    Device,
    Epochs,
    Only,
    Quick,
    Runs,
    Seeds,
    Set,
    SuiteFile,
    emit,
)


def plan(
    suite: SuiteFile,
    seeds: Seeds = None,
    epochs: Epochs = None,
    only: Only = None,
    settings: Set = None,
    quick: Quick = False,
    device: Device = "cpu",
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=10_000,
            help="That share the work; if left out, all cores, and 1 for a GPU",
        ),
    ] = None,
    runs: Runs = Path("runs"),
    as_json: AsJson = False,
) -> None:
    """Say what would run, what is there already, and what it takes here, in seconds and memory."""
    import torch

    from ebmbench.api.execute import journal_of
    from ebmbench.api.forecast import forecast
    from ebmbench.api.planning import Asked
    from ebmbench.api.search_forecast import forecast_search
    from ebmbench.api.tuning import as_chosen, search_of
    from ebmbench.commands.screens.forecast import forecast_document, show_forecast
    from ebmbench.commands.screens.plan import (
        plan_document,
        search_document,
        show_notes,
        show_plan,
        show_search,
    )
    from ebmbench.numerics.threads import at_most, cores
    from ebmbench.speed.roofline import Roofline, measure_roofline
    from ebmbench.suite.overrides import Overrides

    overrides = Overrides(tuple(settings or ()), seeds, epochs, tuple(only or ()), quick)
    asked = Asked(suite, overrides, device)
    reported = asked.planned()
    found = as_chosen(asked, reported, runs)

    def roofline() -> Roofline:
        with Console(stderr=True).status("measuring this machine"), at_most(1):
            return measure_roofline(torch.device(device), 1)

    workers = workers or (cores() if found.device == "cpu" else 1)
    told = forecast(found, journal_of(found, runs), workers, roofline)
    rounds = search_of(asked, reported)
    is_chosen = found is not reported  # then nothing is left to be searched
    search = None if is_chosen else forecast_search(asked, reported, runs, workers, roofline)
    show_notes(found)

    def show() -> None:
        console = Console()
        if rounds:
            show_search(rounds, console)
        show_plan(found, console)
        show_forecast(told, search, console)

    searched = search_document(rounds) if rounds else {}
    document = forecast_document(told, search)
    emit({**plan_document(found), **searched, "forecast": document}, as_json, show)
