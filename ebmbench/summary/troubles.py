"""Cells that did not end well, and metrics that failed in cells that did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ebmbench.journal.documents import CellRecord, RunDocument
from ebmbench.summary.value_names import metric_of, part_of


@dataclass(frozen=True)
class Trouble:
    """What went wrong in a cell: its status, or ``without nll`` where a metric has no value."""

    dataset: str
    method: str
    seed: int
    status: str
    reason: str


def troubles_of(run: RunDocument, records: Iterable[CellRecord]) -> tuple[Trouble, ...]:
    """What diverged, failed or has no final value, in the order of ``records``."""
    return tuple(trouble for record in records for trouble in _troubles(run, record))


def _troubles(run: RunDocument, record: CellRecord) -> Iterator[Trouble]:
    cell = (record.dataset, record.method, record.seed)
    if record.status != "done":
        yield Trouble(*cell, record.status, record.reason or "no reason given")
    for metric, reason in record.unmeasured.items():
        yield Trouble(*cell, f"without {metric}", reason)
    if record.status == "done":
        for (_, reason), values in _without_value(run, record).items():
            yield Trouble(*cell, f"without {', '.join(values)}", reason)


def _without_value(run: RunDocument, record: CellRecord) -> dict[tuple[str, str], list[str]]:
    """Metric and reason -> its values that are missing at the end, where it gives a reason."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, curve in record.curves.items():
        about = run.metrics.get(metric_of(name))
        if about and curve.value and curve.last is None:
            said = about.missing
            reason = said.get(part_of(name), "") if isinstance(said, dict) else said
            if reason:
                found.setdefault((metric_of(name), reason), []).append(name)
    return found
