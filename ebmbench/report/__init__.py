"""Reports of a run: in the terminal, and as a folder of Markdown, pictures and numbers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console

from ebmbench.journal.documents import CellRecord
from ebmbench.report import markdown, terminal
from ebmbench.report.drawing import drawn
from ebmbench.report.gallery import Arrays, Gallery
from ebmbench.summary import Summary, as_json, ordered

__all__ = ["print_report", "write_report"]


def write_report(
    summary: Summary,
    records: Iterable[CellRecord],
    folder: Path,
    arrays: Arrays = lambda id_: {},
) -> Path:
    """Write ``README.md``, its pictures and ``summary.json`` into ``folder``; the README's path.

    Args:
        summary: of the run.
        records: what it sums up.
        folder: where the report goes.
        arrays: reads the arrays of a cell's pictures, by the cell's id.

    Warns:
        LeftOutWarning: the pictures could not be drawn; why is in ``README.md`` too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    gallery = Gallery(ordered(summary.run, records), arrays)
    pictures, failure = drawn(summary, folder, gallery)
    numbers = json.dumps(as_json(summary), indent=1, ensure_ascii=False, allow_nan=False)
    (folder / "summary.json").write_text(numbers + "\n", encoding="utf-8")
    readme = folder / "README.md"
    readme.write_text(markdown.document(summary, pictures, failure), encoding="utf-8")
    return readme


def print_report(summary: Summary, console: Console) -> None:
    """Print a summary."""
    terminal.show(summary, console)
