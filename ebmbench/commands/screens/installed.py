"""What `list`, `info` and `plugins` show in a terminal."""

from __future__ import annotations

import re
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ebmbench.interfaces.installed.registry import FAMILIES


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
        console.print(f"broken plugin {escape(plugin)}: {escape(reason)}", highlight=False)


def show_plugins(content: dict[str, Any], console: Console) -> None:
    """All plugins: distribution, version and what each brings, or why it brings nothing."""
    table = Table(box=None, pad_edge=False)
    for column in ("plugin", "distribution", "version"):
        table.add_column(column, no_wrap=True)
    table.add_column("brings")
    for row in content["plugins"]:
        cells = (row["name"], row["distribution"], row["version"], _outcome(row))
        table.add_row(*map(escape, cells))
    console.print(table if content["plugins"] else "No plugin is installed.")


def _outcome(row: dict[str, Any]) -> str:
    """``samplers: cd, pcd``, or ``broken: ImportError: ...``."""
    if row["why"]:
        return f"{row['state']}: {row['why']}"
    brought = (f"{family}: {', '.join(names)}" for family, names in row["brings"].items())
    return "\n".join(brought) or "nothing"


def show_details(content: dict[str, Any], console: Console) -> None:
    """A component: docstring, then its options."""
    family, name = FAMILIES[content["family"]].singular, content["name"]
    console.print(f"[bold]{family} {name}[/bold]  (plugin {content['plugin']}, "
                  f"{content['distribution']} {content['version']})", highlight=False)  # fmt: skip
    console.print(f"\n{escape(_unwrapped(content['doc']))}\n", highlight=False)
    for entry in content["cites"]:
        console.print(entry, markup=False, highlight=False, soft_wrap=True)
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
