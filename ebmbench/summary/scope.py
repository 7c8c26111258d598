"""What a run is asked: its values, which of them are judged, which way is better, against whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ebmbench.statistics import Better
from ebmbench.summary.names import in_spectrum, metric_of, part_of
from ebmbench.summary.records import Record, Run
from ebmbench.summary.targets import Target, target_of

COLUMNS_UNASKED = 4  # of the main table where the suite names none


@dataclass(frozen=True)
class Scope:
    """What all boards are made from; :class:`~ebmbench.summary.Summary` explains the fields."""

    run: Run
    target: Target | None
    values: tuple[str, ...]
    columns: tuple[str, ...]
    judged: str | None

    def better(self, value: str) -> Better | None:
        """Which way is better; None where neither is."""
        return better_of(self.run, self.target, value)

    def margin(self, value: str) -> float | None:
        """A difference not worth having; None where the suite gives none."""
        margin: float | None = (self.run["report"].get("margin") or {}).get(value)
        return margin


def scope_of(run: Run, records: Sequence[Record]) -> Scope:
    """What the suite asks, of the values that the records hold."""
    target, values = target_of(run), _values(run, records)
    columns, judged = _columns(run, target, values)
    return Scope(run, target, values, columns, judged)


def better_of(run: Run, target: Target | None, value: str) -> Better | None:
    """The target's way, else the metric's: one for all its parts, or a mapping by part."""
    if target and value == target.value:
        return target.better
    better: Any = run["metrics"].get(metric_of(value), {}).get("better")
    way: Better | None = better.get(part_of(value)) if isinstance(better, Mapping) else better
    return way


def _values(run: Run, records: Sequence[Record]) -> tuple[str, ...]:
    """By metric in the suite's order; within a metric columns first, then as it gives them."""
    names = dict.fromkeys(name for r in records for name in r["curves"])
    columns, metrics = list(run["report"].get("columns") or ()), list(run["metrics"])
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
    run: Run, target: Target | None, values: tuple[str, ...]
) -> tuple[tuple[str, ...], str | None]:
    """The main table's columns, and which of them the verdicts are about."""
    columns = tuple(run["report"].get("columns") or ())
    columns = columns or tuple(v for v in values if not in_spectrum(v))[:COLUMNS_UNASKED]
    if target is None:
        return columns, next((v for v in columns if better_of(run, None, v)), None)
    if target.value not in columns:
        columns = (target.value, *columns)
    return columns, target.value
