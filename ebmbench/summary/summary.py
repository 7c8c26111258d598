"""A whole run summed up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ebmbench.statistics import Better
from ebmbench.summary.boards import Board, board_of
from ebmbench.summary.names import metric_of
from ebmbench.summary.provenance import blocks_of, environment_of
from ebmbench.summary.records import Record, Run, ordered
from ebmbench.summary.scope import better_of, scope_of
from ebmbench.summary.targets import Target
from ebmbench.summary.troubles import Trouble, troubles_of


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
        """The method that the others are compared with."""
        baseline: str | None = self.run["report"].get("baseline")
        return baseline

    @property
    def metrics(self) -> dict[str, tuple[str, ...]]:
        """Metric -> its values, in order."""
        names = dict.fromkeys(map(metric_of, self.values))
        return {m: tuple(v for v in self.values if metric_of(v) == m) for m in names}

    def unit(self, value: str) -> str:
        """The unit of a value; "" where it has none."""
        return str(self.run["metrics"].get(metric_of(value), {}).get("unit") or "")

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
        troubles=troubles_of(kept),
        environment=environment_of(kept),
        blocks=blocks_of(kept),
    )
