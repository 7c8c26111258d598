"""A run's report into a repository."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from ebmbench.errors import ConfigError, LeftOutWarning, Problem
from ebmbench.journal.documents import CellRecord, RunDocument
from ebmbench.report import FILES, FORMS, write_report
from ebmbench.report.committed.folder import Changes, require_report, settled
from ebmbench.report.committed.of_no_machine import of_no_machine
from ebmbench.report.committed.suite_text import suite_text
from ebmbench.report.gallery import Arrays
from ebmbench.report.markdown import Beside
from ebmbench.summary import summarise

NOTES = "notes.md"
"""What people write of a report; it is kept, and stands in the report below its title."""

SUITE = "suite.yaml"
"""The suite that was run."""


class Stored(NamedTuple):
    """What is there of a run: its folder, its description, its records, and its cells' pictures."""

    folder: Path
    document: RunDocument
    records: Sequence[CellRecord]
    pictures: Arrays


def publish(run: Stored, folder: Path, page: bool, unfinished: bool) -> Changes:
    """Write the report of a run into ``folder``; see ``Run.publish``."""
    require_report(folder, run.document.suite, NOTES)
    if not unfinished:
        _require_results(run)
    with TemporaryDirectory() as aside:
        made = Path(aside)
        _write_whole(run, made, folder, page)
        return settled(made, folder)


def _require_results(run: Stored) -> None:
    """Every cell has a result, were it that it failed."""
    known, cells = {record.id for record in run.records}, run.document.cells
    lacking = sum(cell not in known for cell in cells)
    if lacking:
        problem = f"{lacking} of {len(cells)} cells have no result yet"
        remedy = "Run the suite again: it goes on where it stopped. Or publish with --unfinished."
        raise ConfigError(Problem(str(run.folder), "", problem, remedy))


def _write_whole(run: Stored, made: Path, folder: Path, page: bool) -> None:
    """All files of the report; what would be left out elsewhere, such as pictures, is an error."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", LeftOutWarning)
            _write(run, made, folder, page)
    except LeftOutWarning as told:
        problem = f"its report would lack something: {str(told).removeprefix(f'{made}: ')}"
        raise ConfigError(Problem(str(run.folder), "", problem, "Nothing was written.")) from told


def _write(run: Stored, made: Path, folder: Path, page: bool) -> None:
    """All files of the report, of no machine."""
    here = Path.cwd()
    document = of_no_machine(run.document, here)
    records = [of_no_machine(record, here) for record in run.records]
    text = suite_text(document)
    if text:
        (made / SUITE).write_text(text, encoding="utf-8")
    notes = folder / NOTES
    said = notes.read_text(encoding="utf-8") if notes.is_file() else ""
    with_page = page or (folder / FILES["html"]).is_file()
    forms = FORMS if with_page else FORMS[:1]
    beside = Beside(said, SUITE if text else "")
    write_report(summarise(document, records), records, made, run.pictures, forms, beside)
