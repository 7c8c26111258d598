"""One dataset summed up: a row per method, and who leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from ebmbench.journal.documents import CellRecord, RunDocument
from ebmbench.summary.baseline import baseline_of
from ebmbench.summary.costs import Ratio, UpdateCost, negative_ratio, update_cost
from ebmbench.summary.criteria import Criteria
from ebmbench.summary.curves import Curve, curves_of, improved_by_training, setbacks_of
from ebmbench.summary.finals import Finals
from ebmbench.summary.judgements import Judgements
from ebmbench.summary.ranking import Lead
from ebmbench.summary.records import by_method
from ebmbench.summary.statistics import Comparison, Erratic, Interval, Place
from ebmbench.summary.targets import ToTarget, to_target


@dataclass(frozen=True)
class Seeds:
    """How many seeds of a method ended how; ``missing`` ones have no record yet."""

    done: int
    diverged: int
    failed: int
    missing: int

    @property
    def lost(self) -> int:
        """Seeds that diverged or failed."""
        return self.diverged + self.failed


@dataclass(frozen=True)
class Row:
    """One method on one dataset; mappings go by value name.

    Attributes:
        final: at the last epoch, over the seeds that are done.
        to_target: None where the suite sets no target.
        cost: None where no seed has one.
        negative_ratio: None where either side has no cost, or the suite has no baseline.
        against: comparisons with the baseline; on the judged value in the report's family, on
            another in one of its own.
        setbacks: on how many seeds that are done the value ended worse than before training; of the
            judged value, and of those that training makes better for some method.
    """

    method: str
    seeds: Seeds
    final: Mapping[str, Interval]
    curves: Mapping[str, Curve]
    to_target: ToTarget | None
    cost: UpdateCost | None
    negative_ratio: Ratio | None
    against: Mapping[str, Comparison]
    setbacks: Mapping[str, int]


@dataclass(frozen=True)
class Leaderboard:
    """One dataset: a row per method, in the suite's order, and who leads per column.

    Attributes:
        places: method -> its place on the judged value, with an interval; of those that have the
            value whole, and empty where methods are too many to be listed.
        erratic: those that may be first only as their seeds lie far apart, and why.
    """

    dataset: str
    rows: tuple[Row, ...]
    leads: Mapping[str, Lead]
    places: Mapping[str, Place]
    erratic: Mapping[str, Erratic]

    def row(self, method: str) -> Row:
        """The row of ``method``."""
        return next(row for row in self.rows if row.method == method)


def leaderboard_of(
    criteria: Criteria,
    dataset: str,
    records: Sequence[CellRecord],
    finals: Finals,
    judged: Judgements,
) -> Leaderboard:
    """Sum up the records of ``dataset``; others are left aside."""
    run, cells = criteria.run, by_method(criteria.run, dataset, records)
    epochs = run.epochs if run.until is None else None
    costs = {m: update_cost(epochs, of_method) for m, of_method in cells.items()}
    target = criteria.target if run.epochs else None  # without training there is no way to it
    bounds = partial(criteria.bounds, dataset)
    curves = {m: curves_of(criteria.values, of_method, bounds) for m, of_method in cells.items()}
    watched = {*improved_by_training(curves.values(), criteria.better), criteria.judged}
    rows = tuple(
        Row(
            method=m,
            seeds=_seeds(run, of_method),
            final={v: final.interval for v, final in finals[m].items()},
            curves=curves[m],
            to_target=to_target(target, of_method),
            cost=costs[m],
            negative_ratio=negative_ratio(costs[m], costs.get(baseline_of(run, m) or "")),
            against={v: methods[m] for v, methods in judged.against.items() if m in methods},
            setbacks=setbacks_of(
                {v: curve for v, curve in curves[m].items() if v in watched},
                of_method,
                criteria.better,
            ),
        )
        for m, of_method in cells.items()
    )
    return Leaderboard(dataset, rows, judged.leads, judged.places, judged.erratic)


def _seeds(run: RunDocument, records: Sequence[CellRecord]) -> Seeds:
    count = {s: sum(r.status == s for r in records) for s in ("done", "diverged", "failed")}
    return Seeds(**count, missing=len(set(run.seeds) - {r.seed for r in records}))
