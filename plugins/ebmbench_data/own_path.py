"""Where a file or folder that a suite names is looked for."""

from __future__ import annotations

from pathlib import Path

from ebmbench import DataError


def own_path(named: str) -> Path:
    """The path as it was named, with ``~`` filled in.

    Raises:
        DataError: nobody knows the home folder.
    """
    try:
        return Path(named).expanduser()
    except RuntimeError as error:
        raise DataError(named, "whose home folder this is is not known", "Write it out.") from error


def check_the_path(path: Path) -> str:
    """A remedy: what a relative path was read relative to."""
    if path.is_absolute():
        return "Check the path."
    return f"Check the path: it is read from where ebmbench is started, {Path.cwd()}."
