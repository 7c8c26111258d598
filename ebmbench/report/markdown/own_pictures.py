"""The pictures that a report in a folder shows, and those that a new one no longer does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

README = "README.md"
PICTURE = re.compile(r"\]\(([^()/\s]+\.png)\)")


def shown_pictures(folder: Path) -> set[str]:
    """What the report shows that stands in the folder, by name."""
    return {*PICTURE.findall(_text(folder / README))}


def named_by_people(folder: Path) -> set[str]:
    """Pictures that other documents of the folder show or link to."""
    return {name for text in _others(folder) for name in PICTURE.findall(text)}


def remove_outdated(folder: Path, former: set[str]) -> list[str]:
    """Remove what a former report showed and nothing in the folder does; what was removed.

    Args:
        folder: with the new report.
        former: what was shown before it.
    """
    gone = sorted(former - shown_pictures(folder) - named_by_people(folder))
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    return gone


def _others(folder: Path) -> Iterator[str]:
    yield from (_text(file) for file in folder.glob("*.md") if file.name != README)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""
