"""``ebmbench status``."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ebmbench.commands.options import (
    AsJson,
    Epochs,
    Only,
    Quick,
    Runs,
    Seeds,
    Set,
    emit,
)

if TYPE_CHECKING:
    from ebmbench.api.status import Status
    from ebmbench.journal.journal import Journal
    from ebmbench.suite.overrides import Overrides

EVERY = 2.0  # seconds between two looks


def status(
    run: Annotated[
        Path,
        typer.Argument(help="A run: its folder or its suite's name; or a suite, a YAML file"),
    ],
    seeds: Seeds = None,
    epochs: Epochs = None,
    only: Only = None,
    settings: Set = None,
    quick: Quick = False,
    why: Annotated[
        bool, typer.Option("--why", help="Say what has changed since stale results; of a suite")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Look again until it is complete")] = False,
    runs: Runs = Path("runs"),
    as_json: AsJson = False,
) -> None:
    """Say where a run stands, in this or another process: done, running, failed, missing, stale."""
    from functools import partial

    from rich.console import Console
    from rich.live import Live

    from ebmbench.commands.screens.status import status_screen
    from ebmbench.errors import ConfigError, Problem
    from ebmbench.suite.overrides import Overrides

    overrides = Overrides(tuple(settings or ()), seeds, epochs, tuple(only or ()), quick)
    if run.suffix in (".yaml", ".yml"):
        look: Callable[[], Status] = _of_suite(run, overrides, runs, why)
    elif why or overrides != Overrides():
        remedy = "Give the suite's file in place of the run: ebmbench status suites/x.yaml --why"
        raise ConfigError(Problem(str(run), "", "a run knows no suite to compare with", remedy))
    else:
        look = partial(_of_run, run, runs)
    found, console = look(), Console()
    if not watch or as_json:
        emit(found.as_json(), as_json, lambda: console.print(status_screen(found)))
        return
    with Live(status_screen(found), console=console, auto_refresh=False) as live:
        while not found.is_complete:
            time.sleep(EVERY)
            found = look()
            live.update(status_screen(found), refresh=True)


def _of_run(run: Path, runs: Path) -> Status:
    from itertools import product

    from ebmbench.api.finished import open_run
    from ebmbench.api.status import Status, status_of
    from ebmbench.api.tuning import stage_at_work
    from ebmbench.errors import ConfigError

    try:
        there = open_run(run, runs)
    except ConfigError:
        stage = stage_at_work(run, runs)
        if stage is None:
            raise
        return Status(str(stage.folder.parents[1]), [], [], search=_search(stage))
    document = there.document
    return status_of(there.journal, document.cells, product(document.datasets, document.methods))


def _search(stage: Journal | None) -> Status | None:
    from ebmbench.api.status import status_of_search

    return status_of_search(stage) if stage is not None else None


def _of_suite(file: Path, overrides: Overrides, runs: Path, why: bool) -> Callable[[], Status]:
    """What looks where the cells stand that the suite's file asks for now."""
    from ebmbench.api.execute import journal_of
    from ebmbench.api.planning import Asked
    from ebmbench.api.status import status_of
    from ebmbench.api.tuning import as_chosen, stage_at_work
    from ebmbench.running.again import why_again

    asked = Asked(file, overrides)
    plan = as_chosen(asked, asked.planned(), runs)
    journal = journal_of(plan, runs)
    names = [(each.dataset_name, each.method_name) for each in plan.recipes]

    def look() -> Status:
        reasons = None
        if why:
            missing = [cell for cell in plan.cells if not journal.has(cell.id)]
            reasons = why_again(plan, journal, missing)
        found = status_of(journal, [cell.id for cell in plan.cells], names, reasons)
        if plan.suite.spec.tuning is not None and not found.is_complete:
            found.search = _search(stage_at_work(journal.folder, runs))
        return found

    return look
