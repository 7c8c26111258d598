"""What a dry run shows: the plan, and what it will cost."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ebmbench.api.tuning import Round
from ebmbench.plan.estimate import Estimate
from ebmbench.plan.plan import Plan, Skip
from ebmbench.report.numbers import count
from ebmbench.report.sentences.words import names

COLUMNS = (
    "updates",
    "MACs/\nupdate",
    "randoms/\nupdate",
    "bytes/\nupdate",
    "MACs,\nall seeds",
    "memory,\nall seeds",
)


def plan_document(plan: Plan) -> dict[str, Any]:
    """The plan as plain data."""
    return {
        "suite": plan.suite.spec.suite,
        "quick": plan.suite.quick,
        "seeds": list(plan.suite.seeds),
        "epochs": plan.suite.spec.train.epochs,
        "until": _until(plan),
        "cells": [cell.id for cell in plan.cells],
        "skips": [skip._asdict() for skip in plan.skips],
        "notes": [note._asdict() for note in plan.notes],
        "cost": [
            {
                "dataset": dataset,
                "method": method,
                "updates": estimate.updates,
                **estimate.per_update._asdict(),
                "peak_memory": {
                    **estimate.memory._asdict(),
                    "all_seeds": estimate.memory.of(len(plan.suite.seeds)),
                },
            }
            for (dataset, method), estimate in plan.estimates.items()
        ],
    }


def _until(plan: Plan) -> dict[str, Any] | None:
    until = plan.suite.spec.train.until
    return until.model_dump(exclude_none=True) if until else None


def show_notes(plan: Plan) -> None:
    """What is allowed and may surprise, one line each, beside what the command prints."""
    for note in plan.notes:
        print(f"note: {note}", file=sys.stderr)


def show_plan(plan: Plan, console: Console) -> None:
    """What would run, what it costs, and what is skipped."""
    seeds = len(plan.suite.seeds)
    console.print(f"{plan.suite.spec.suite}: {size_of(plan)}", highlight=False)
    table = Table(box=None, pad_edge=False)
    for column in ("dataset", "method"):
        table.add_column(column, overflow="fold", min_width=10)
    columns = COLUMNS if plan.suite.spec.train.epochs else COLUMNS[-1:]  # updates, or none
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    for (dataset, method), estimate in plan.estimates.items():
        numbers = _numbers(estimate, seeds)[-len(columns) :]
        table.add_row(escape(dataset), escape(method), *numbers)
    console.print(table)
    for line in skipped(plan.skips):
        console.print(escape(f"skipped: {line}"), highlight=False, soft_wrap=True)


def skipped(skips: Sequence[Skip]) -> list[str]:
    """What is skipped, and why; methods with the same reason share a line."""
    shared: dict[str, list[str]] = {}
    for skip in skips:
        text = f" on {skip.dataset}, {skip.what}: {skip.reason}"
        shared.setdefault(text, []).append(skip.method)
    return [names(methods) + text for text, methods in shared.items()]


def search_document(rounds: Sequence[Round]) -> dict[str, Any]:
    """What a search makes, as plain data."""
    return {
        "search": {
            "rounds": [each._asdict() for each in rounds],
            "trials": sum(each.trials for each in rounds),
            "cells": sum(each.cells for each in rounds),
        }
    }


def show_search(rounds: Sequence[Round], console: Console) -> None:
    """A line per round where there are several, or one for all."""
    if len(rounds) > 1:
        for number, each in enumerate(rounds, start=1):
            epochs = f"{100 * each.share:.3g} % of the epochs"
            console.print(f"search {number} of {len(rounds)}: {_made(each)}, {epochs}")
    whole = Round(1.0, sum(r.trials for r in rounds), sum(r.cells for r in rounds))
    console.print(f"search, all together: {_made(whole)}")


def _made(each: Round) -> str:
    return f"{counted(each.trials, 'trial')}, {counted(each.cells, 'cell')}"


def size_of(plan: Plan) -> str:
    """``30 cells: 5 methods x 6 seeds``, and datasets where there are several."""
    suite = plan.suite
    factors = [
        counted(len(suite.datasets), "dataset"),
        counted(len(suite.methods), "method"),
        counted(len(suite.seeds), "seed"),
    ]
    return f"{counted(plan.size, 'cell')}: {' x '.join(factors[len(suite.datasets) == 1 :])}"


def counted(count: int, what: str) -> str:
    """``5 methods``, ``1 method``."""
    return f"{count} {what}" + ("" if count == 1 else "s")


def _numbers(estimate: Estimate, seeds: int) -> list[str]:
    """What stands under COLUMNS."""
    cost, updates = estimate.per_update, estimate.updates
    return [
        "-" if updates is None else f"{updates:,}",
        count(cost.macs),
        count(cost.randoms),
        f"{count(cost.bytes)}B",
        "-" if updates is None else count(seeds * updates * cost.macs),
        f"{count(estimate.memory.of(seeds))}B",
    ]
