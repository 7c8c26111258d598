"""A run that is there: its values, costs, report, comparisons and trained models."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ebmbench.interfaces.model import Model
from ebmbench.journal.documents import CellRecord, RunDocument
from ebmbench.journal.journal import Journal

if TYPE_CHECKING:  # scipy and matplotlib: what asks for neither does without
    from ebmbench.api.shown import Comparison, Report
    from ebmbench.compare.side import Side
    from ebmbench.report import Form
    from ebmbench.report.committed import Changes
    from ebmbench.report.figures.price.phases import Floor
    from ebmbench.report.rows import What
    from ebmbench.summary import Summary


def open_run(path: str | Path, runs: str | Path = "runs") -> Run:
    """The run in a folder, or of a suite's name.

    Raises:
        ConfigError: there is no such run, or its description cannot be read.
    """
    journal = Journal.open(Path(path), Path(runs))
    return Run(journal, journal.read_run())


class Run:
    """A run: what it was asked to do, and what came of it.

    In a notebook it shows its report.

    Attributes:
        journal: where it is kept.
        document: what it was asked to do. That of a run made here is the one that was made, never
            read again: another suite of the same name may run in the folder at the same time.
    """

    def __init__(self, journal: Journal, document: RunDocument) -> None:
        self.journal = journal
        self.document = document

    def __repr__(self) -> str:
        done = sum(record.status == "done" for record in self.records)
        return f"<Run {self.folder}: {done} of {len(self.document.cells)} cells done>"

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return self.journal.folder

    @cached_property
    def records(self) -> list[CellRecord]:
        """What is there of its cells, in the order of datasets, methods and seeds.

        Warns:
            LeftOutWarning: a record cannot be read, or is not of this run, and is left out.
        """
        return self.journal.read_cells(self.document)

    @cached_property
    def summary(self) -> Summary:
        """Final values, targets, costs and comparisons with their statistics, per dataset."""
        from ebmbench.summary import summarise

        return summarise(self.document, self.records)

    def values(self) -> dict[str, list[Any]]:
        """All measured values, a list per column, as ``pandas.DataFrame`` takes them.

        Columns: dataset, method, seed, metric, epoch, update, seconds (of training), value (None
        where it was not finite).
        """
        return self._columns("values")

    def costs(self) -> dict[str, list[Any]]:
        """What an update of each method costs, a list per column: seconds, and counts by phase."""
        return self._columns("cost")

    def compare(self, base: Run | str | Path) -> Comparison:
        """This run held against another, or against a committed baseline, by the suite's gates.

        Args:
            base: a run, its folder, its suite's name, or a baseline file.

        Raises:
            ConfigError: they share nothing, or differ in what must be alike.
        """
        from ebmbench.api.shown import Comparison
        from ebmbench.compare import compare_sides, open_side

        theirs = base._side() if isinstance(base, Run) else open_side(Path(base), self.journal.runs)
        mine = self._side()
        return Comparison(compare_sides(theirs, mine, mine.value_gates))

    def report(self) -> Report:
        """The report, written to the run's folder with its pictures, and as one page.

        Warns:
            LeftOutWarning: the pictures could not be drawn, and are left out.
        """
        from ebmbench.api.shown import Report

        return Report(self.write_report()[0])

    def write_report(
        self, forms: Collection[Form] = ("markdown", "html"), floor: Floor | None = None
    ) -> list[Path]:
        """Write the report in some of its forms, one file each; theirs, Markdown first.

        Args:
            forms: ``markdown``: ``README.md`` with pictures beside it; ``html``: ``index.html``,
                one page that needs nothing else.
            floor: what is counted -> the seconds that it would take at the machine's roofline;
                the page shows updates against it.

        Warns:
            LeftOutWarning: the pictures could not be drawn, and are left out.
        """
        from ebmbench.report import write_report

        folder, pictures = self.journal.report, self.journal.pictures
        return write_report(self.summary, self.records, folder, pictures, forms, floor=floor)

    def publish(self, folder: str | Path, page: bool = False, unfinished: bool = False) -> Changes:
        """The report as it is committed: of no machine, with the suite; what is the same stays.

        What stands in ``notes.md`` there is kept and follows the report's title; other files in
        the folder are left alone.

        Args:
            folder: where the report goes, such as ``reports/bars4``.
            page: write ``index.html`` too, one page for a browser; one that is there is written
                again anyway.
            unfinished: also if cells have no result yet.

        Raises:
            ConfigError: the folder holds something else than a report of this suite, or cells
                have no result yet.
        """
        from ebmbench.report.committed import Stored, publish

        stored = Stored(self.folder, self.document, self.records, self.journal.pictures)
        return publish(stored, Path(folder), page, unfinished)

    def model(self, method: str, seed: int = 0, dataset: str | None = None) -> Model:
        """A trained model, one replica (R = 1), as it stood at the end.

        It is a ``torch.nn.Module``. The run must have been made with ``keep="parameters"``.

        Args:
            method: as the suite calls it.
            seed: one that is done.
            dataset: may be left out where the run has only one.

        Raises:
            ConfigError: there is no such cell, or its parameters were not kept.
        """
        from ebmbench.api.trained import load_model, record_of

        record = record_of(self.document, self.records, method, seed, dataset)
        return load_model(record, self.journal)

    @cached_property
    def _shown(self) -> Report:
        """The report as a notebook asks for it, in more than one form."""
        return self.report()

    def _repr_markdown_(self) -> str:
        return self._shown.markdown

    def _repr_html_(self) -> str:
        return self._shown._repr_html_()

    def _side(self) -> Side:
        from ebmbench.compare import side_of_run

        return side_of_run(str(self.folder), self.document, self.records)

    def _columns(self, what: What) -> dict[str, list[Any]]:
        from ebmbench.report.rows import COLUMNS, rows_of

        rows = list(rows_of(what, self.document, self.records))
        return {column: [row[column] for row in rows] for column in COLUMNS[what]}
