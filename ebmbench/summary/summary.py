"""A whole run summed up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ebmbench.statistics import Better
from ebmbench.summary.baseline import baseline_of
from ebmbench.summary.boards import Board, board_of
from ebmbench.summary.names import metric_of, part_of
from ebmbench.summary.provenance import blocks_of, environment_of
from ebmbench.summary.records import Record, Run, ordered
from ebmbench.summary.scope import better_of, scope_of
from ebmbench.summary.sweeps import (
    Sweep,
    listed_board,
    sweeps_of_datasets,
    sweeps_of_methods,
)
from ebmbench.summary.targets import Target
from ebmbench.summary.troubles import Trouble, troubles_of
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

    run: Run
    target: Target | None
    judged: str | None
    columns: tuple[str, ...]
    values: tuple[str, ...]
    boards: tuple[Board, ...]
    troubles: tuple[Trouble, ...]
    environment: Mapping[str, tuple[str, ...]]
    blocks: Mapping[str, tuple[int, ...]]

    @property
    def baseline(self) -> str | None:
        """The method that the others are compared with, or the first name of a swept one."""
        baseline: str | None = self.run["report"].get("baseline")
        return baseline

    @property
    def trained(self) -> bool:
        """Whether models were trained at all, or measured as they are made."""
        return bool(self.run["epochs"] > 0)

    @property
    def lines(self) -> list[str]:
        """What figures tell apart: what swept methods have in common, then all methods."""
        axes = axes_of(self.run, "methods")
        common = (line for axis in axes for line in lines_along(self.run, "methods", axis))
        return list(dict.fromkeys([*common, *self.run["methods"]]))

    def baseline_of(self, method: str) -> str | None:
        """What ``method`` is compared with: the baseline, or its variant of equal swept values."""
        return baseline_of(self.run, method)

    def is_baseline(self, method: str) -> bool:
        """Whether others are compared with ``method``."""
        return self.baseline_of(method) == method

    def listed(self, board: Board) -> Board:
        """The board with those rows that tables list: without swept ones where they are many."""
        return listed_board(self.run, board)

    def sweeps(self, board: Board) -> list[Sweep]:
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
        unit = self.run["metrics"].get(metric_of(value), {}).get("unit") or ""
        return str(unit.get(part_of(value), "") if isinstance(unit, Mapping) else unit)

    def better(self, value: str) -> Better | None:
        """Which way is better; None where neither is."""
        return better_of(self.run, self.target, value)


def summarise(run: Run, records: Iterable[Record]) -> Summary:
    """Sum up the cells of a run.

    Args:
        run: the run's description, ``runs/<suite>/run.json``.
        records: what is there of its cells, in any order; others are ignored.
    """
    kept = ordered(run, records)
    scope = scope_of(run, kept)
    return Summary(
        run=run,
        target=scope.target,
        judged=scope.judged,
        columns=scope.columns,
        values=scope.values,
        boards=tuple(board_of(scope, d, kept) for d in run["datasets"]),
        troubles=troubles_of(run, kept),
        environment=environment_of(kept),
        blocks=blocks_of(kept),
    )
