"""A whole run summed up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ebmbench.interfaces.metric import Range
from ebmbench.journal.documents import CellRecord, RunDocument
from ebmbench.summary.baseline import baseline_of
from ebmbench.summary.criteria import better_of, criteria_of, range_of
from ebmbench.summary.finals import finals_of
from ebmbench.summary.judgements import judgements_of
from ebmbench.summary.leaderboard import Leaderboard, leaderboard_of
from ebmbench.summary.plain import as_plain
from ebmbench.summary.records import blocks_of, by_method, environment_of, ordered
from ebmbench.summary.statistics import Better
from ebmbench.summary.sweeps import Sweep, listed_board, sweeps_of_datasets, sweeps_of_methods
from ebmbench.summary.targets import Target
from ebmbench.summary.troubles import Trouble, troubles_of
from ebmbench.summary.value_names import metric_of, part_of
from ebmbench.summary.variants import axes_of, lines_along


@dataclass(frozen=True)
class Summary:
    """What a report says.

    Attributes:
        run: the run's description as stored.
        target: None where the suite sets none.
        judged: the value that verdicts are about: the target's, else the first column with a
            direction; None where there is no such column.
        columns: values of the main table.
        values: all values, spectra included.
        boards: one per dataset.
        troubles: diverged and failed cells.
        environment: what the cells ran on: key -> the different values met.
        blocks: method -> the numbers of replicas that trained side by side.
    """

    run: RunDocument
    target: Target | None
    judged: str | None
    columns: tuple[str, ...]
    values: tuple[str, ...]
    boards: tuple[Leaderboard, ...]
    troubles: tuple[Trouble, ...]
    environment: Mapping[str, tuple[str, ...]]
    blocks: Mapping[str, tuple[int, ...]]

    @property
    def baseline(self) -> str | None:
        """The method that the others are compared with, or the first name of a swept one."""
        return self.run.report.baseline

    @property
    def trained(self) -> bool:
        """Whether models were trained at all, or measured as they are made."""
        return self.run.epochs > 0

    @property
    def lines(self) -> list[str]:
        """What figures tell apart: what swept methods have in common, then all methods."""
        axes = axes_of(self.run, "methods")
        common = (line for axis in axes for line in lines_along(self.run, "methods", axis))
        return list(dict.fromkeys([*common, *self.run.methods]))

    def baseline_of(self, method: str) -> str | None:
        """What ``method`` is compared with: the baseline, or its variant of equal swept values."""
        return baseline_of(self.run, method)

    def is_baseline(self, method: str) -> bool:
        """Whether others are compared with ``method``."""
        return self.baseline_of(method) == method

    def listed(self, board: Leaderboard) -> Leaderboard:
        """The board with those rows that tables list: without swept ones where they are many."""
        return listed_board(self.run, board)

    def sweeps(self, board: Leaderboard) -> list[Sweep]:
        """Final values on a board against the options that methods are swept over."""
        return sweeps_of_methods(self.run, board)

    def dataset_sweeps(self) -> list[Sweep]:
        """Final values against the options that datasets are swept over."""
        return sweeps_of_datasets(self.run, self.boards)

    @property
    def metrics(self) -> dict[str, tuple[str, ...]]:
        """Metric -> its values, in order."""
        names = dict.fromkeys(map(metric_of, self.values))
        return {m: tuple(v for v in self.values if metric_of(v) == m) for m in names}

    def unit(self, value: str) -> str:
        """The unit of a value; "" where it has none."""
        about = self.run.metrics.get(metric_of(value))
        unit = about.unit if about else ""
        return unit.get(part_of(value), "") if isinstance(unit, dict) else unit

    def ends(self, value: str) -> Range:
        """Between which values a value lies, as its metric declares; None for no end."""
        return range_of(self.run.metrics, value)

    def better(self, value: str) -> Better | None:
        """Which way is better; None where neither is."""
        return better_of(self.run.metrics, self.target, value)


@np.errstate(over="ignore", invalid="ignore")  # what is larger than any number is infinite
def summarise(run: RunDocument, records: Iterable[CellRecord]) -> Summary:
    """Sum up the cells of a run.

    Args:
        run: the run's description, ``runs/<suite>/run.json``.
        records: what is there of its cells, in any order; others are ignored.
    """
    kept = ordered(run, records)
    criteria = criteria_of(run, kept)
    finals = {
        d: {m: finals_of(criteria, d, mine) for m, mine in by_method(run, d, kept).items()}
        for d in run.datasets
    }
    judged = judgements_of(criteria, finals)
    return Summary(
        run=run,
        target=criteria.target,
        judged=criteria.judged,
        columns=criteria.columns,
        values=criteria.values,
        boards=tuple(leaderboard_of(criteria, d, kept, finals[d], judged[d]) for d in run.datasets),
        troubles=troubles_of(run, kept),
        environment=environment_of(kept),
        blocks=blocks_of(kept),
    )


def as_json(summary: Summary) -> dict[str, Any]:
    """The summary as plain data, with null for what is not a finite number."""
    data: dict[str, Any] = as_plain(asdict(summary))
    return data
