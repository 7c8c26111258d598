"""``ebmbench clean``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ebmbench.commands.options import AsJson, RunName, Runs, print_json


def clean(
    run: RunName,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Remove without asking")] = False,
    runs: Runs = Path("runs"),
    as_json: AsJson = False,
) -> None:
    """Remove what no run in the folder needs, after saying what: results of older code, rests."""
    from collections import Counter

    from ebmbench.api.leftovers import leftovers
    from ebmbench.journal.journal import Journal

    found = leftovers(Journal.open(run, runs))
    counts, sizes = Counter[str](), Counter[str]()
    for each in found:
        counts[each.kind] += 1
        sizes[each.kind] += each.size
    if not as_json:
        for kind, count in counts.items():
            print(f"{count:6d}  {sizes[kind] / 1e6:9.1f} MB  {kind}")
        if not found:
            print("Nothing to remove.")
    goes = bool(found) and (yes or (not as_json and _confirmed()))
    if goes:
        for each in found:
            each.file.unlink(missing_ok=True)
    if as_json:
        files = [str(each.file) for each in found]
        print_json({"removed": goes, "files": files, "bytes": sum(sizes.values())})


def _confirmed() -> bool:
    """Whether whoever is at the terminal agrees.

    Raises:
        ConfigError: nobody is there.
    """
    from ebmbench.errors import ConfigError, Problem

    try:
        return typer.confirm("Remove them?")
    except (typer.Abort, RuntimeError, OSError):  # stdin ends, is closed, or cannot be read
        print()
        problem = "nobody answers, and nothing is removed"
        raise ConfigError(Problem("--yes", "", problem, "Give --yes to remove them.")) from None
