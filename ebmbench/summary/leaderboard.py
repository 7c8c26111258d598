"""One dataset summed up: a row per method, and who leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ebmbench.journal.documents import CellRecord, RunDocument
from ebmbench.summary.baseline import against_baseline, baseline_of
from ebmbench.summary.costs import Ratio, UpdateCost, negative_ratio, update_cost
from ebmbench.summary.criteria import Criteria
from ebmbench.summary.curves import Curve, curves_of
from ebmbench.summary.finals import finals_of
from ebmbench.summary.ranking import Lead, leads_of
from ebmbench.summary.records import planned
from ebmbench.summary.statistics import Comparison, Interval, interval
from ebmbench.summary.targets import ToTarget, to_target


@dataclass(frozen=True)
class Seeds:
    """How many seeds of a method ended how; ``missing`` ones have no record yet."""

    done: int
    diverged: int
    failed: int
    missing: int


@dataclass(frozen=True)
class Row:
    """One method on one dataset; mappings go by value name.

    Attributes:
        final: at the last epoch, over the seeds that are done.
        to_target: None where the suite sets no target.
        cost: None where no seed has one.
        negative_ratio: None where either side has no cost, or the suite has no baseline.
        against: comparisons with the baseline; Holm's families are one value's methods.
    """

    method: str
    seeds: Seeds
    final: Mapping[str, Interval]
    curves: Mapping[str, Curve]
    to_target: ToTarget | None
    cost: UpdateCost | None
    negative_ratio: Ratio | None
    against: Mapping[str, Comparison]


@dataclass(frozen=True)
class Leaderboard:
    """One dataset: a row per method, in the suite's order, and who leads per column."""

    dataset: str
    rows: tuple[Row, ...]
    leads: Mapping[str, Lead]

    def row(self, method: str) -> Row:
        """The row of ``method``."""
        return next(row for row in self.rows if row.method == method)


def leaderboard_of(criteria: Criteria, dataset: str, records: Sequence[CellRecord]) -> Leaderboard:
    """Sum up the records of ``dataset``; others are left aside."""
    run, mine = criteria.run, [r for r in records if r.dataset == dataset]
    cells = {m: [r for r in mine if r.method == m] for m in planned(run, dataset)}
    costs = {m: update_cost(run.epochs, of_method) for m, of_method in cells.items()}
    finals = {m: finals_of(criteria, of_method) for m, of_method in cells.items()}
    against = against_baseline(criteria, finals)
    target = criteria.target if run.epochs else None  # without training there is no way to it
    rows = tuple(
        Row(
            method=m,
            seeds=_seeds(run, of_method),
            final={v: i for v, x in finals[m].items() if (i := interval(x)).n},
            curves=curves_of(criteria.values, of_method),
            to_target=to_target(target, of_method),
            cost=costs[m],
            negative_ratio=negative_ratio(costs[m], costs.get(baseline_of(run, m) or "")),
            against={v: family[m] for v, family in against.items() if m in family},
        )
        for m, of_method in cells.items()
    )
    return Leaderboard(dataset, rows, leads_of(criteria, finals))


def _seeds(run: RunDocument, records: Sequence[CellRecord]) -> Seeds:
    count = {s: sum(r.status == s for r in records) for s in ("done", "diverged", "failed")}
    return Seeds(**count, missing=len(set(run.seeds) - {r.seed for r in records}))
