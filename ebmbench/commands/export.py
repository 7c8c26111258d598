"""``ebmbench export``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from ebmbench.commands.options import Output, RunName, Runs


def export(
    run: RunName,
    format: Annotated[Literal["jsonl", "csv"], typer.Option(help="How rows are written")] = "jsonl",  # noqa: A002
    what: Annotated[
        Literal["values", "cost"], typer.Option(help="A row per value, or a row per method")
    ] = "values",
    output: Output = None,
    runs: Runs = Path("runs"),
) -> None:
    """Print a run's numbers as rows."""
    from ebmbench.api.finished import open_run
    from ebmbench.report.rows import export as export_rows

    found = open_run(run, runs)
    lines = export_rows(found.document, found.records, what, format)
    if output is None:
        sys.stdout.writelines(lines)
    else:
        output.write_text("".join(lines), encoding="utf-8")
