"""What `plot` shows in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ebmbench.report.paper.write import Files


def show_figures(suite: str, listed: Sequence[Mapping[str, str]]) -> None:
    """The figures of a run, each with what it shows; datasets where there are several."""
    console = Console()
    if not listed:
        console.print(f"{escape(suite)} has no figure yet.", highlight=False)
        return
    several = len({each["dataset"] for each in listed}) > 1
    table = Table(box=None, pad_edge=False)
    for column in ("figure", *(["datasets"] if several else []), "shows"):
        table.add_column(column, overflow="fold")
    for name in dict.fromkeys(each["figure"] for each in listed):
        mine = [each for each in listed if each["figure"] == name]
        datasets = [", ".join(each["dataset"] for each in mine)] if several else []
        shows = mine[0]["shows"].partition(": ")[0]
        shows = shows.replace(f" on {mine[0]['dataset']}", "") if several else shows
        table.add_row(*map(escape, (name, *datasets, shows)))
    console.print(table)


def show_files(written: Sequence[Files]) -> None:
    """What was written, each figure with its caption."""
    for files in written:
        names: list[Path] = [each for each in files[:3] if isinstance(each, Path)]
        print(", ".join(map(str, names)))
        print(f"  {files.caption}")
