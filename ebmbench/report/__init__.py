"""Reports of a run: in the terminal, as a folder of Markdown and pictures, and as one page."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from rich.console import Console

from ebmbench.journal.documents import CellRecord
from ebmbench.journal.whole_file import write_bytes, write_text
from ebmbench.report import markdown, terminal
from ebmbench.report.drawing import Drawn, drawn
from ebmbench.report.figures.price.phases import Floor
from ebmbench.report.gallery import Arrays, Gallery
from ebmbench.report.markdown.own_pictures import remove_outdated, shown_pictures
from ebmbench.summary import Summary, as_json, ordered

Form = Literal["markdown", "html"]
FORMS: tuple[Form, ...] = ("markdown", "html")
FILES: dict[Form, str] = {"markdown": "README.md", "html": "index.html"}

__all__ = ["FILES", "FORMS", "Form", "followed_page", "print_report", "write_report"]


def write_report(
    summary: Summary,
    records: Iterable[CellRecord],
    folder: Path,
    arrays: Arrays = lambda id_: {},
    forms: Collection[Form] = FORMS,
    beside: markdown.Beside = markdown.Beside(),  # noqa: B008, it is frozen
    floor: Floor | None = None,
) -> list[Path]:
    """Write a report into ``folder``; a file of each form, Markdown first.

    Each file is written whole or not at all: commands that share a run end together, and each
    writes the report. Pictures that a former report there shows and the new one does not are
    removed.

    Args:
        summary: of the run.
        records: what it sums up.
        folder: where the report goes.
        arrays: reads the arrays of a cell's pictures, by the cell's id.
        forms: ``markdown``: ``README.md``, its pictures and ``summary.json``. ``html``:
            ``index.html``, one page that needs nothing else.
        beside: what stands beside the Markdown.
        floor: what the machine would allow; the page shows updates against it.

    Warns:
        LeftOutWarning: the pictures could not be drawn; why is in the report too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    former = shown_pictures(folder)
    mine = ordered(summary.run, records)
    gallery = Gallery(mine, arrays)
    with TemporaryDirectory() as aside:
        pictures = Path(aside)
        found = drawn(summary, pictures, gallery, mine, folder, "html" in forms, floor)
        if "markdown" in forms:
            for picture in found.pictures:
                write_bytes(folder / picture.file, (pictures / picture.file).read_bytes())
            _write_markdown(summary, folder, found, beside)
            remove_outdated(folder, former)
        if "html" in forms:
            _write_page(summary, mine, gallery, folder, pictures, found, floor)
    return [folder / FILES[form] for form in FORMS if form in forms]


def followed_page(
    summary: Summary, records: Iterable[CellRecord], arrays: Arrays, version: str
) -> str:
    """The page as it is served: it asks every few seconds whether there is more.

    It has no drawn pictures, which take long to make and show nothing that its curves do not.

    Args:
        version: of what it shows, which it compares with what it is told.
    """
    from ebmbench.report import page

    mine = ordered(summary.run, records)
    return page.document(summary, mine, Gallery(mine, arrays), Path(), Drawn(), version)


def print_report(summary: Summary, console: Console) -> None:
    """Print a summary."""
    terminal.show(summary, console)


def _write_markdown(summary: Summary, folder: Path, found: Drawn, beside: markdown.Beside) -> None:
    numbers = json.dumps(as_json(summary), indent=1, ensure_ascii=False, allow_nan=False)
    write_text(folder / "summary.json", numbers + "\n")
    text = markdown.document(summary, found.pictures, found.failure, beside)
    write_text(folder / FILES["markdown"], text)


def _write_page(
    summary: Summary,
    records: Sequence[CellRecord],
    gallery: Gallery,
    folder: Path,
    pictures: Path,
    found: Drawn,
    floor: Floor | None,
) -> None:
    from ebmbench.report import page

    text = page.document(summary, records, gallery, pictures, found, floor=floor)
    write_text(folder / FILES["html"], text)
