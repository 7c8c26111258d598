"""What `test` shows in a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ebmbench.interfaces.installed.registry import FAMILIES

STYLES = {
    "passed": "green",
    "failed": "bold red",
    "known": "yellow",
    "mended": "bold yellow",
    "skipped": "dim",
}


def show_checks(found: Sequence[dict[str, Any]], console: Console) -> None:
    """A table per component: check, what came of it, a sentence."""
    for component in found:
        table = Table(title=_title(component), title_justify="left", box=None, pad_edge=False)
        table.add_column("check", no_wrap=True)
        table.add_column("", no_wrap=True)
        table.add_column("")
        for row in component["checks"]:
            status = row["status"]
            told = row["sentence"] or row["about"].replace("``", "")
            table.add_row(row["check"], f"[{STYLES[status]}]{status}[/]", escape(told),
                          style="dim" if status == "skipped" else "")  # fmt: skip
        console.print(table)
        console.print(_counts(component["checks"]) + "\n", highlight=False)


def _title(component: dict[str, Any]) -> str:
    family = FAMILIES[component["family"]].singular
    owner = f"{component['distribution']} {component['version']}"
    return f"{family} {escape(component['name'])}  ({escape(owner)})"


def _counts(rows: Sequence[dict[str, Any]]) -> str:
    """How many checks ended in each way."""
    counted = Counter(row["status"] for row in rows)
    return ", ".join(f"{counted[status]} {status}" for status in STYLES if counted[status])
