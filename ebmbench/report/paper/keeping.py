"""Files that are written beside others: somebody else's of the same name are not written over."""

from __future__ import annotations

from pathlib import Path

from ebmbench.errors import ConfigError, Problem

HEAD = 400  # characters that tell whose a file is


def keep_foreign(file: Path, told_by: str, what: str) -> None:
    """Refuse to write over a file that is not one of ours.

    Args:
        file: about to be written.
        told_by: what ours have near their beginning.
        what: what is about to be written, in words.

    Raises:
        ConfigError: it is a file of another kind, or its folder is not there.
    """
    if not file.parent.is_dir():
        problem, remedy = "there is no such folder", "Make it first, or name another file."
        raise ConfigError(Problem(str(file), "", problem, remedy))
    if not file.exists():
        return
    if file.is_dir() or ((head := _head(file)) and told_by not in head):
        problem = f"it is there already and no {what} that ebmbench wrote"
        remedy = "Name another file with --output, or move this one away."
        raise ConfigError(Problem(str(file), "", problem, remedy))


def _head(file: Path) -> str:
    with file.open(encoding="utf-8", errors="replace") as text:
        return text.read(HEAD)
