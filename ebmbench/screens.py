"""What the commands show in a terminal, reports apart."""

from __future__ import annotations

import re
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ebmbench.plan import Plan
from ebmbench.registry import FAMILIES


def show_catalogue(content: dict[str, Any], console: Console) -> None:
    """All components by family."""
    for family in FAMILIES:
        table = Table(title=family, title_justify="left", box=None, pad_edge=False)
        for column in ("name", "plugin", "version"):
            table.add_column(column, no_wrap=True)
        table.add_column("about")
        for row in content[family]:
            cells = (row["name"], row["plugin"], row["version"], row["about"])
            table.add_row(*map(escape, cells))
        console.print(table if content[family] else f"[italic]{family}[/italic]\nnone")
        console.print()
    for plugin, reason in content["broken"].items():
        console.print(f"broken plugin {plugin}: {escape(reason)}", highlight=False)


def show_details(content: dict[str, Any], console: Console) -> None:
    """A component: docstring, then its options."""
    family, name = content["family"][:-1], content["name"]
    console.print(f"[bold]{family} {name}[/bold]  (plugin {content['plugin']}, "
                  f"{content['distribution']} {content['version']})", highlight=False)  # fmt: skip
    console.print(f"\n{escape(_unwrapped(content['doc']))}\n", highlight=False)
    if not content["options"]:
        console.print("No options.")
        return
    table = Table(box=None, pad_edge=False)
    for column in ("option", "type", "default", "bounds", "about"):
        table.add_column(column)
    for row in content["options"]:
        cells = (row["name"], row["type"], row["default"], row["bounds"], row["about"])
        table.add_row(*(escape(str(cell)) for cell in cells))
    console.print(table)


def _unwrapped(text: str) -> str:
    """Paragraphs on one line each, for the terminal to wrap; indented blocks as they are."""
    return re.sub(r"(?<=\S)\n(?=\S)", " ", text)


def plan_document(plan: Plan) -> dict[str, Any]:
    """The plan as plain data."""
    return {
        "suite": plan.suite.spec.suite,
        "quick": plan.suite.quick,
        "seeds": list(plan.suite.seeds),
        "epochs": plan.suite.spec.train.epochs,
        "cells": [cell.id for cell in plan.cells],
        "skips": [skip._asdict() for skip in plan.skips],
        "cost": [
            {
                "dataset": dataset,
                "method": method,
                "updates": estimate.updates,
                **estimate.per_update._asdict(),
            }
            for (dataset, method), estimate in plan.estimates.items()
        ],
    }


def show_plan(plan: Plan, console: Console) -> None:
    """What would run, what it costs, and what is skipped."""
    seeds = len(plan.suite.seeds)
    console.print(f"{plan.suite.spec.suite}: {len(plan.cells)} cells, {seeds} seeds each",
                  highlight=False)  # fmt: skip
    table = Table("dataset", "method", box=None, pad_edge=False)
    for column in ("updates", "MMAC/update", "randoms/update", "MB/update", "GMAC, all seeds"):
        table.add_column(column, justify="right")
    for (dataset, method), estimate in plan.estimates.items():
        cost = estimate.per_update
        table.add_row(
            escape(dataset),
            escape(method),
            f"{estimate.updates:,}",
            f"{cost.macs / 1e6:,.3f}",
            f"{cost.randoms:,.0f}",
            f"{cost.bytes / 1e6:,.2f}",
            f"{seeds * estimate.updates * cost.macs / 1e9:,.1f}",
        )
    console.print(table)
    for skip in plan.skips:
        line = f"skipped: {skip.method} on {skip.dataset}, {skip.what}: {skip.reason}"
        console.print(escape(line), highlight=False, soft_wrap=True)
