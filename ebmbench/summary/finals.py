"""Final values: where each seed of a method ended."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

from ebmbench.summary.records import Record
from ebmbench.summary.scope import Scope

Finals = dict[str, dict[str, list[float]]]
"""Method -> value name -> the final value of each of the run's seeds, NaN where there is none."""


def finals_of(scope: Scope, records: Sequence[Record]) -> dict[str, list[float]]:
    """One method's: value name -> a number per seed of the run."""
    done = {r["seed"]: r for r in records if r["status"] == "done"}
    return {
        v: [_final(done[s], v) if s in done else nan for s in scope.run["seeds"]]
        for v in scope.values
    }


def _final(record: Record, value: str) -> float:
    curve = record["curves"].get(value)
    last = curve["value"][-1] if curve and curve["value"] else None
    return nan if last is None else float(last)
