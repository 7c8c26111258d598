"""One side of a comparison: where the cells of a run, or of a committed baseline, ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import nan
from typing import NamedTuple

from ebmbench.journal.documents import CellRecord, Components, MetricAbout, RunDocument, Status
from ebmbench.suite.gates import Gates, value_gates
from ebmbench.suite.keys import ReportSpec, TrainSpec
from ebmbench.summary import in_spectrum, ordered
from ebmbench.summary.criteria import better_of
from ebmbench.summary.records import environment_of, planned
from ebmbench.summary.statistics import LOST, Better
from ebmbench.summary.targets import Passage, first_passage, target_of

Key = tuple[str, str, int]
"""Dataset, method, seed."""


class CellEnd(NamedTuple):
    """Where a cell ended.

    Attributes:
        reason: why, where it is not done.
        updates: of the whole training; None where it failed.
        passage: when the target was reached; None where there is none, or the cell failed.
        values: final values by name, rounded; only finite ones, and no spectra.
    """

    status: Status
    reason: str | None
    updates: int | None
    passage: Passage | None
    values: Mapping[str, float]


@dataclass(frozen=True)
class Head:
    """What a comparison needs of a run's description: as there, unless said otherwise.

    Attributes:
        metrics: of a baseline only which way is better.
        report: of a baseline only target and margins.
        gates: none in a baseline.
        environment: where its cells ran, the different values met in one text.
    """

    suite: str
    train: TrainSpec
    seeds: tuple[int, ...]
    components: Components
    metrics: Mapping[str, MetricAbout]
    report: ReportSpec
    gates: Gates
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Side:
    """What a comparison needs of a run.

    Attributes:
        name: as the user calls it.
        head: what it was asked to do.
        planned: (dataset, method) that are run.
        ends: where the cells that have a record ended.
    """

    name: str
    head: Head
    planned: tuple[tuple[str, str], ...]
    ends: Mapping[Key, CellEnd]

    @property
    def values(self) -> list[str]:
        """Names of the final values, in the order of the metrics."""
        return list(dict.fromkeys(name for end in self.ends.values() for name in end.values))

    @property
    def value_gates(self) -> Gates:
        """The suite's own gates, but for that of speed, which stored runs cannot tell."""
        return value_gates(self.head.gates)

    def better(self, value: str) -> Better | None:
        """Which way is better; None where neither is."""
        return better_of(self.head.metrics, target_of(self.head.report), value)

    def margin(self, value: str) -> float:
        """A difference not worth having; 0 where the suite gives none."""
        return self.head.report.margin.get(value, 0.0)

    def value(self, key: Key, value: str) -> float:
        """A final value; NaN where there is none."""
        end = self.ends.get(key)
        return nan if end is None else end.values.get(value, nan)

    def end_value(self, key: Key, value: str) -> float:
        """As ``value``, but ``LOST`` where the cell ended without it."""
        end = self.ends.get(key)
        return nan if end is None else end.values.get(value, LOST)


def side_of_run(name: str, run: RunDocument, records: Iterable[CellRecord]) -> Side:
    """The side that a run is."""
    kept = ordered(run, records)
    head = Head(
        suite=run.suite,
        train=run.train,
        seeds=run.seeds,
        components=run.components,
        metrics=run.metrics,
        report=run.report,
        gates=run.gates,
        environment={key: "; ".join(found) for key, found in environment_of(kept).items()},
    )
    pairs = tuple((d, m) for d in run.datasets for m in planned(run, d))
    return Side(name, head, pairs, {(r.dataset, r.method, r.seed): _end(run, r) for r in kept})


def _end(run: RunDocument, record: CellRecord) -> CellEnd:
    """A seed that diverged has no final values, and never reached the target."""
    target = target_of(run.report)
    trained = record.status != "failed" and run.epochs > 0
    return CellEnd(
        record.status,
        record.reason,
        record.cost.updates if record.cost else None,
        first_passage(target, record) if target is not None and trained else None,
        _finals(record) if record.status == "done" else {},
    )


def _finals(record: CellRecord) -> dict[str, float]:
    return {
        name: rounded(curve.last)
        for name, curve in record.curves.items()
        if curve.last is not None and not in_spectrum(name)
    }


DIGITS = 6  # significant ones: float32 has about seven, the last of which differs by machine


def rounded(x: float) -> float:
    """``x`` to :data:`DIGITS` significant digits; NaN and infinities as they are."""
    return float(f"{x:.{DIGITS}g}")


def resolution(largest: float) -> float:
    """A difference between numbers of up to this size that may be rounding alone."""
    return 10.0 ** (1 - DIGITS) * abs(largest)
