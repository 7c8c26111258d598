"""Cells that did not end well, and metrics that failed in cells that did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ebmbench.summary.records import Record


@dataclass(frozen=True)
class Trouble:
    """What went wrong in a cell: its status, or ``without nll`` where a metric failed."""

    dataset: str
    method: str
    seed: int
    status: str
    reason: str


def troubles_of(records: Iterable[Record]) -> tuple[Trouble, ...]:
    """What diverged or failed, in the order of ``records``."""
    return tuple(trouble for record in records for trouble in _troubles(record))


def _troubles(record: Record) -> Iterator[Trouble]:
    cell = (record["dataset"], record["method"], record["seed"])
    if record["status"] != "done":
        yield Trouble(*cell, record["status"], record["reason"] or "no reason given")
    for metric, reason in record.get("unmeasured", {}).items():
        yield Trouble(*cell, f"without {metric}", reason)
