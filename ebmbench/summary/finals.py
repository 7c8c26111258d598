"""Final values: where each seed of a method ended."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

from ebmbench.journal.documents import CellRecord
from ebmbench.summary.criteria import Criteria

Finals = dict[str, dict[str, list[float]]]
"""Method -> value name -> the final value of each of the run's seeds, NaN where there is none."""


def finals_of(criteria: Criteria, records: Sequence[CellRecord]) -> dict[str, list[float]]:
    """One method's: value name -> a number per seed of the run."""
    done = {r.seed: r for r in records if r.status == "done"}
    return {
        v: [_final(done[s], v) if s in done else nan for s in criteria.run.seeds]
        for v in criteria.values
    }


def _final(record: CellRecord, value: str) -> float:
    last = record.curves[value].last if value in record.curves else None
    return nan if last is None else last
