"""What a run is asked: its values, which of them are judged, which way is better, against whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any, NamedTuple

from ebmbench.interfaces.metric import Range
from ebmbench.journal.documents import CellRecord, MetricAbout, RunDocument
from ebmbench.summary.statistics import Better, Bounds
from ebmbench.summary.targets import Target, target_of
from ebmbench.summary.value_names import in_spectrum, metric_of, part_of

COLUMNS_UNASKED = 4  # of the main table where the suite names none


class Seen(NamedTuple):
    """The smallest and the largest value, and whether one of an untrained model is among all."""

    low: float
    high: float
    from_the_start: bool


@dataclass(frozen=True)
class Criteria:
    """What leaderboards are made from; :class:`~ebmbench.summary.Summary` explains most fields.

    Attributes:
        seen: (dataset, value) -> what seeds that are done had at any moment.
    """

    run: RunDocument
    target: Target | None
    values: tuple[str, ...]
    columns: tuple[str, ...]
    judged: str | None
    seen: Mapping[tuple[str, str], Seen] = field(default_factory=dict)

    def better(self, value: str) -> Better | None:
        """Which way is better; None where neither is."""
        return better_of(self.run.metrics, self.target, value)

    def margin(self, value: str) -> float | None:
        """A difference not worth having; None where the suite gives none."""
        return self.run.report.margin.get(value)

    def bounds(self, dataset: str, value: str) -> Bounds:
        """Between which values it lies, by what its metric declares and by what was seen."""
        low, high, from_the_start = self.seen.get((dataset, value), (-inf, inf, False))
        untrained = self.better(value) if from_the_start and self.run.epochs else None
        return Bounds.of(*range_of(self.run.metrics, value), (low, high), untrained)


def criteria_of(run: RunDocument, records: Sequence[CellRecord]) -> Criteria:
    """What the suite asks, of the values that the records hold."""
    target, values = target_of(run.report), _values(run, records)
    columns, judged = _columns(run, target, values)
    return Criteria(run, target, values, columns, judged, _seen(records))


def better_of(
    metrics: Mapping[str, MetricAbout], target: Target | None, value: str
) -> Better | None:
    """The target's way, else the metric's: one for all its parts, or a mapping by part."""
    if target and value == target.value:
        return target.better
    about = metrics.get(metric_of(value))
    better = about.better if about else None
    return better.get(part_of(value)) if isinstance(better, dict) else better


def range_of(metrics: Mapping[str, MetricAbout], value: str) -> Range:
    """The ends of a value as its metric declares them; None for none."""
    about = metrics.get(metric_of(value))
    ends = about.range if about else None
    found = ends.get(part_of(value)) if isinstance(ends, dict) else ends
    return found or (None, None)


def _seen(records: Sequence[CellRecord]) -> dict[tuple[str, str], Seen]:
    found: dict[tuple[str, str], Seen] = {}
    for record in records:
        for name, curve in record.curves.items() if record.status == "done" else ():
            known = [x for x in curve.value if x is not None]
            if known:
                key = record.dataset, name
                low, high, start = found.get(key, Seen(inf, -inf, from_the_start=False))
                start = start or curve.epoch[0] == 0
                found[key] = Seen(min(low, *known), max(high, *known), start)
    return found


def _values(run: RunDocument, records: Sequence[CellRecord]) -> tuple[str, ...]:
    """By metric in the suite's order; within a metric columns first, then as it gives them."""
    names = dict.fromkeys(name for r in records for name in r.curves)
    columns, metrics = run.report.columns, list(run.metrics)
    return tuple(sorted(names, key=_value_order(metrics, columns)))  # a stable sort


def _value_order(metrics: list[str], columns: list[str]) -> Callable[[str], tuple[Any, ...]]:
    def order(name: str) -> tuple[Any, ...]:
        part = part_of(name)
        metric = metrics.index(metric_of(name)) if metric_of(name) in metrics else len(metrics)
        column = columns.index(name) if name in columns else len(columns)
        return metric, metric_of(name), column, _part_order(part)

    return order


def _part_order(part: str) -> int:
    return int(part) if part.isdecimal() else -1 if part == "train" else 0


def _columns(
    run: RunDocument, target: Target | None, values: tuple[str, ...]
) -> tuple[tuple[str, ...], str | None]:
    """The main table's columns, and which of them the verdicts are about."""
    columns = tuple(run.report.columns)
    columns = columns or tuple(v for v in values if not in_spectrum(v))[:COLUMNS_UNASKED]
    asked = _asked(run, target, values)
    if asked is None:
        return columns, next((v for v in columns if better_of(run.metrics, None, v)), None)
    return (columns if asked in columns else (asked, *columns)), asked


def _asked(run: RunDocument, target: Target | None, values: tuple[str, ...]) -> str | None:
    """The target's value, else what methods were tuned for."""
    if target is not None:
        return target.value
    tuned_for = run.tuning.spec.metric if run.tuning else None
    return tuned_for if tuned_for in values else None
