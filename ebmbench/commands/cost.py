"""``ebmbench cost``."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from ebmbench.commands.options import (
    CELLS_FAILED,
    FINE,
    AsJson,
    Device,
    Only,
    Quick,
    Set,
    SuiteFile,
    emit,
)


def cost(
    suite: SuiteFile,
    only: Only = None,
    settings: Set = None,
    quick: Quick = False,
    device: Device = "cpu",
    replicas: Annotated[int, typer.Option(min=1, help="Trained side by side, beside one")] = 32,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds per phase, at least")] = 5,
    threads: Annotated[int, typer.Option(min=1, help="Threads; a worker has one")] = 1,
    as_json: AsJson = False,
) -> None:
    """Measure one update of each method on this machine, beside what it counts and the roofline."""
    from ebmbench.api.planning import planned
    from ebmbench.commands.screens.cost import show_cost
    from ebmbench.interfaces.installed.registry import Registry
    from ebmbench.speed.cost import measure_suite
    from ebmbench.suite.overrides import Overrides

    overrides = Overrides(tuple(settings or ()), only=tuple(only or ()), quick=quick)
    plan = planned(suite, overrides, device)
    with Console(stderr=True).status("") as status:
        found = measure_suite(
            plan,
            replicas,
            rounds,
            threads,
            lambda what: status.update(f"measuring {escape(what)}"),
            isolated=Registry.discover().third_party,
        )
    emit(found.document(), as_json, lambda: show_cost(found, Console()))
    raise typer.Exit(CELLS_FAILED if any(each.problem for each in found.methods) else FINE)
