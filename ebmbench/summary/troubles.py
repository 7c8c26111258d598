"""Cells that did not end well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ebmbench.summary.records import Record


@dataclass(frozen=True)
class Trouble:
    """A cell that did not end well."""

    dataset: str
    method: str
    seed: int
    status: str
    reason: str


def troubles_of(records: Iterable[Record]) -> tuple[Trouble, ...]:
    """What diverged or failed, in the order of ``records``."""
    return tuple(_trouble(r) for r in records if r["status"] != "done")


def _trouble(record: Record) -> Trouble:
    reason = record["reason"] or "no reason given"
    return Trouble(record["dataset"], record["method"], record["seed"], record["status"], reason)
