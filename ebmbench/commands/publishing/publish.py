"""``ebmbench publish``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ebmbench.commands.options import RunName, Runs

Folder = Annotated[
    Path, typer.Argument(help="Where the report goes: reports/NAME", show_default=False)
]


def publish(
    run: RunName,
    folder: Folder,
    runs: Runs = Path("runs"),
    page: Annotated[
        bool, typer.Option("--page", help="Write index.html too, one page for a browser")
    ] = False,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="Also if cells have no result yet")
    ] = False,
) -> None:
    """Write a run's report to be committed: of no machine, with the suite; notes.md is kept."""
    from ebmbench.api.finished import open_run

    changes = open_run(run, runs).publish(folder, page, unfinished)
    for verb, names in (("Wrote", changes.written), ("Removed", changes.removed)):
        for name in names:
            print(f"{verb} {folder / name}")
    print(f"{len(changes.same)} files are as they were.")
