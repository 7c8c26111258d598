"""A side by the name that a user gives it: a run's folder or name, or a baseline file."""

from __future__ import annotations

from pathlib import Path

from ebmbench.compare.baseline import read_baseline
from ebmbench.compare.side import Side, side_of_run
from ebmbench.journal import Journal


def open_side(name: Path, runs: Path) -> Side:
    """The baseline of a file, else the run of that folder or name.

    Raises:
        ConfigError: there is neither, or it cannot be read.
    """
    if name.is_file():
        return read_baseline(name)
    journal = Journal.open(name, runs)
    document = journal.read_run()
    return side_of_run(str(name), document, journal.read(document["cells"]))
