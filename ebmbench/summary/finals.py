"""Final values: where each seed of a method ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isinf, nan

from ebmbench.journal.documents import CellRecord
from ebmbench.summary.criteria import Criteria
from ebmbench.summary.statistics import LOST, Interval, interval


@dataclass(frozen=True)
class Final:
    """Where the seeds of a method ended on a value.

    Attributes:
        seeds: a number per seed of the run; NaN where there is none, ``LOST`` where the seed
            diverged or failed.
        interval: over the seeds that are done; of how many of them it is.
        rank: what it is ranked by, the mean with lost seeds at the worst value.
    """

    seeds: tuple[float, ...]
    interval: Interval
    rank: float

    @property
    def judged(self) -> bool:
        """Whether it can be ranked and compared: every seed that is done has the value."""
        return self.interval.n > 0 and not self.interval.partial


Finals = dict[str, dict[str, Final]]
"""Method -> value name -> where its seeds ended; only values that some seed has."""


def finals_of(criteria: Criteria, dataset: str, records: Sequence[CellRecord]) -> dict[str, Final]:
    """One method's on a dataset, by value name."""
    ended = {r.seed: r for r in records}
    done = sum(r.status == "done" for r in records)
    found = {}
    for value in criteria.values:
        seeds = tuple(_final(ended.get(s), value) for s in criteria.run.seeds)
        known = interval(seeds, criteria.bounds(dataset, value), of=done)
        if known.n:
            found[value] = Final(seeds, known, _rank(criteria, dataset, value, seeds, known))
    return found


def _rank(
    criteria: Criteria, dataset: str, value: str, seeds: Sequence[float], known: Interval
) -> float:
    lost, better = sum(map(isinf, seeds)), criteria.better(value)
    if not lost or better is None:
        return known.mean
    worst = criteria.bounds(dataset, value).worst(better)
    return (known.n * known.mean + lost * worst) / (known.n + lost)


def _final(record: CellRecord | None, value: str) -> float:
    if record is None:
        return nan
    if record.status != "done":
        return LOST
    last = record.curves[value].last if value in record.curves else None
    return nan if last is None else last
