"""A report's folder in a repository: what stands there, and what of it a new report changes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

from ebmbench.errors import ConfigError, Problem
from ebmbench.report.markdown.own_pictures import README, remove_outdated, shown_pictures

NUMBERS = "summary.json"


class Changes(NamedTuple):
    """What became of a report's files, by name."""

    written: tuple[str, ...]
    same: tuple[str, ...]
    removed: tuple[str, ...]


def require_report(folder: Path, suite: str, notes: str) -> None:
    """Refuse a folder that holds something else than a report of the suite.

    Raises:
        ConfigError: it is a file, has files but no report, or has another suite's.
    """
    if folder.is_dir():
        there = {each.name for each in folder.iterdir()}
        if there <= {notes}:
            return
        problem, remedy = _what_else(folder, suite)
    elif folder.exists():
        problem, remedy = "it is a file", "Name a folder."
    else:
        return
    if problem:
        raise ConfigError(Problem(str(folder), "", problem, remedy))


def settled(made: Path, folder: Path) -> Changes:
    """Bring the files of ``made`` into ``folder``, and write those only that differ.

    Pictures that the former report shows and the new one does not are removed, unless notes name
    them. All else that stands in ``folder`` is left alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    former = shown_pictures(folder)
    written, same = [], []
    for file in sorted(made.iterdir()):
        if _is_same(file, folder / file.name):
            same.append(file.name)
        else:
            shutil.copyfile(file, folder / file.name)
            written.append(file.name)
    gone = remove_outdated(folder, former)
    return Changes(tuple(written), tuple(same), tuple(gone))


def _what_else(folder: Path, suite: str) -> tuple[str, str]:
    """A problem and its remedy, or nothing."""
    remedy = "Publish into another folder, or remove this one first."
    found = _stored(folder / NUMBERS)
    if not (isinstance(found, dict) and "boards" in found and (folder / README).is_file()):
        return "it has files, but is no report", remedy
    run = found.get("run")
    name = run.get("suite") if isinstance(run, dict) else None
    return ("", "") if name == suite else (f"it is a report of '{name}', not of '{suite}'", remedy)


def _stored(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _is_same(new: Path, old: Path) -> bool:
    """Whether two files hold the same; pictures also if they merely look the same."""
    if not old.is_file():
        return False
    if new.read_bytes() == old.read_bytes():
        return True
    return new.suffix == ".png" and _look_the_same(new, old)


def _look_the_same(new: Path, old: Path) -> bool:
    """Another version of matplotlib writes its name into them."""
    from PIL import Image

    try:
        with Image.open(new) as one, Image.open(old) as other:
            return one.size == other.size and one.tobytes() == other.tobytes()
    except OSError:  # no picture
        return False
