"""Records -> what a report says: final values, targets, costs and comparisons, per dataset.

A value is called ``metric.part`` (``hamming.test``) or ``metric``. Values whose part is a number
(``spectrum.1``, ``spectrum.2``, ...) form a spectrum: they have final values and no curves.

Only records of ``run["cells"]`` count, in the order of the suite's methods and seeds, so a resumed
run and an uninterrupted one are summed up alike. Final values and curves are over seeds that are
done; a seed that diverged counts as a miss where a target is to be reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import reduce
from math import inf, isfinite, nan
from operator import add
from statistics import fmean, median
from typing import Any

import numpy as np

from ebmbench.cost import Cost
from ebmbench.statistics import Better, Comparison, Interval, compare, correct, interval

PHASES = ("data", "negative", "optimizer")

Run = Mapping[str, Any]
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Target:
    """What a training is after: ``value`` at most (``below``) or at least ``limit``."""

    value: str
    limit: float
    below: bool

    @property
    def better(self) -> Better:
        """Which way leads to the target."""
        return "lower" if self.below else "higher"

    def met(self, x: float | None) -> bool:
        """Whether ``x`` is on the target's side."""
        return x is not None and (x < self.limit if self.below else x > self.limit)


@dataclass(frozen=True)
class Seeds:
    """How many seeds of a method ended how; ``missing`` ones have no record yet."""

    done: int
    diverged: int
    failed: int
    missing: int


@dataclass(frozen=True)
class ToTarget:
    """The first measured moment on the target's side.

    Attributes:
        reached: seeds that got there.
        seeds: seeds that are done or diverged.
        epochs, updates, seconds: medians over ``seeds``, infinite where at least half never do.
    """

    reached: int
    seeds: int
    epochs: float
    updates: float
    seconds: float


@dataclass(frozen=True)
class UpdateCost:
    """One update of one replica: measured and counted, per phase of :data:`PHASES`."""

    seconds: Mapping[str, float]
    counted: Mapping[str, Cost]

    @property
    def total_seconds(self) -> float:
        """All phases together."""
        return sum(self.seconds.values())

    @property
    def total(self) -> Cost:
        """All phases together."""
        return reduce(add, self.counted.values())


@dataclass(frozen=True)
class Ratio:
    """A negative phase in units of the baseline's; NaN where the baseline's is 0."""

    macs: float
    seconds: float


@dataclass(frozen=True)
class Curve:
    """A value over training: intervals over seeds, at ``epochs``."""

    epochs: tuple[float, ...]
    values: tuple[Interval, ...]


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
class Lead:
    """Who is best on a value, and how surely.

    Attributes:
        best: the method with the best mean.
        rival: whom it is compared with: the method that leads on the judged value, or where that
            is ``best`` itself, the runner-up; None where ``best`` is alone.
        comparison: best - rival.
        ranking: all methods that have the value, best first.
    """

    best: str
    rival: str | None
    comparison: Comparison | None
    ranking: tuple[str, ...]


@dataclass(frozen=True)
class Board:
    """One dataset: a row per method, in the suite's order, and who leads per column."""

    dataset: str
    rows: tuple[Row, ...]
    leads: Mapping[str, Lead]

    def row(self, method: str) -> Row:
        """The row of ``method``."""
        return next(row for row in self.rows if row.method == method)


@dataclass(frozen=True)
class Trouble:
    """A cell that did not end well."""

    dataset: str
    method: str
    seed: int
    status: str
    reason: str


@dataclass(frozen=True)
class Summary:
    """What a report says.

    Attributes:
        run: the run's description as stored.
        target: None where the suite sets none.
        judged: the value that verdicts are about: the target's, else the first column with a
            direction; None where there is no such column.
        columns: values of the main table.
        values: all values, spectra included.
        boards: one per dataset.
        troubles: diverged and failed cells.
        environment: what the cells ran on: key -> the different values met.
        blocks: method -> the numbers of replicas that trained side by side.
    """

    run: Run
    target: Target | None
    judged: str | None
    columns: tuple[str, ...]
    values: tuple[str, ...]
    boards: tuple[Board, ...]
    troubles: tuple[Trouble, ...]
    environment: Mapping[str, tuple[str, ...]]
    blocks: Mapping[str, tuple[int, ...]]

    @property
    def baseline(self) -> str | None:
        """The method that the others are compared with."""
        baseline: str | None = self.run["report"].get("baseline")
        return baseline

    @property
    def metrics(self) -> dict[str, tuple[str, ...]]:
        """Metric -> its values, in order."""
        names = dict.fromkeys(map(metric_of, self.values))
        return {m: tuple(v for v in self.values if metric_of(v) == m) for m in names}

    def unit(self, value: str) -> str:
        """The unit of a value; "" where it has none."""
        return str(self.run["metrics"].get(metric_of(value), {}).get("unit") or "")

    def better(self, value: str) -> Better | None:
        """Which way is better; None where neither is."""
        return _better(self.run, self.target, value)


def metric_of(value: str) -> str:
    """``hamming.test`` -> ``hamming``."""
    return value.partition(".")[0]


def part_of(value: str) -> str:
    """``hamming.test`` -> ``test``; ``""`` for a metric with one number."""
    return value.partition(".")[2]


def in_spectrum(value: str) -> bool:
    """Whether the value is one number of a spectrum, such as ``spectrum.3``."""
    return part_of(value).isdecimal()


def ordered(run: Run, records: Iterable[Record]) -> list[Record]:
    """The records of the run's cells: by dataset, method and seed in the suite's order."""
    cells = set(run["cells"])
    kept = [record for record in records if record["id"] in cells]
    return sorted(kept, key=lambda r: (*_place(run, r), r["seed"], r["id"]))


def summarise(run: Run, records: Iterable[Record]) -> Summary:
    """Sum up the cells of a run.

    Args:
        run: the run's description, ``runs/<suite>/run.json``.
        records: what is there of its cells, in any order; others are ignored.
    """
    kept = ordered(run, records)
    target = _target(run)
    values = _values(run, kept)
    columns, judged = _columns(run, target, values)
    scope = _Scope(run, target, values, columns, judged)
    return Summary(
        run=run,
        target=target,
        judged=judged,
        columns=columns,
        values=values,
        boards=tuple(_board(scope, d, kept) for d in run["datasets"]),
        troubles=tuple(_trouble(r) for r in kept if r["status"] != "done"),
        environment=_environment(kept),
        blocks=_blocks(kept),
    )


def as_json(summary: Summary) -> dict[str, Any]:
    """The summary as plain data, with null for what is not a finite number."""
    data: dict[str, Any] = _plain(asdict(summary))
    return data


@dataclass(frozen=True)
class _Scope:
    """What all boards are made from."""

    run: Run
    target: Target | None
    values: tuple[str, ...]
    columns: tuple[str, ...]
    judged: str | None


# ---- one dataset


def _board(scope: _Scope, dataset: str, records: Sequence[Record]) -> Board:
    mine = [r for r in records if r["dataset"] == dataset]
    cells = {m: [r for r in mine if r["method"] == m] for m in _planned(scope.run, dataset)}
    costs = {m: _update_cost(of_method) for m, of_method in cells.items()}
    finals = {m: _finals(scope, of_method) for m, of_method in cells.items()}
    against = {v: _against_baseline(scope, v, finals) for v in scope.values if not in_spectrum(v)}
    baseline = costs.get(scope.run["report"].get("baseline"))
    rows = tuple(
        Row(
            method=m,
            seeds=_seeds(scope.run, of_method),
            final={v: i for v, x in finals[m].items() if (i := interval(x)).n},
            curves=_curves(scope, of_method),
            to_target=_to_target(scope.target, of_method),
            cost=costs[m],
            negative_ratio=_ratio(costs[m], baseline),
            against={v: family[m] for v, family in against.items() if m in family},
        )
        for m, of_method in cells.items()
    )
    return Board(dataset, rows, _leads(scope, finals))


def _planned(run: Run, dataset: str) -> list[str]:
    skipped = {
        s["method"] for s in run["skips"] if s["dataset"] == dataset and s["what"] == "method"
    }
    return [m for m in run["methods"] if m not in skipped]


def _seeds(run: Run, records: Sequence[Record]) -> Seeds:
    count = {s: sum(r["status"] == s for r in records) for s in ("done", "diverged", "failed")}
    return Seeds(**count, missing=len(set(run["seeds"]) - {r["seed"] for r in records}))


# ---- values


Finals = dict[str, dict[str, list[float]]]
"""Method -> value name -> the final value of each of the run's seeds, NaN where there is none."""


def _finals(scope: _Scope, records: Sequence[Record]) -> dict[str, list[float]]:
    done = {r["seed"]: r for r in records if r["status"] == "done"}
    return {
        v: [_final(done[s], v) if s in done else nan for s in scope.run["seeds"]]
        for v in scope.values
    }


def _final(record: Record, value: str) -> float:
    curve = record["curves"].get(value)
    last = curve["value"][-1] if curve and curve["value"] else None
    return nan if last is None else float(last)


def _curves(scope: _Scope, records: Sequence[Record]) -> dict[str, Curve]:
    done = [r["curves"] for r in records if r["status"] == "done"]
    names = [v for v in scope.values if not in_spectrum(v) and any(v in c for c in done)]
    return {v: _curve([c[v] for c in done if v in c]) for v in names}


def _curve(seeds: Sequence[Mapping[str, Any]]) -> Curve:
    at: dict[int, list[float | None]] = {}
    for seed in seeds:
        for epoch, value in zip(seed["epoch"], seed["value"], strict=True):
            at.setdefault(epoch, []).append(value)
    epochs = tuple(sorted(at))
    return Curve(epochs, tuple(interval(np.array(at[e], dtype=float)) for e in epochs))


# ---- comparisons


def _against_baseline(scope: _Scope, value: str, finals: Finals) -> dict[str, Comparison]:
    better = _better(scope.run, scope.target, value)
    baseline = scope.run["report"].get("baseline")
    if better is None or baseline not in finals:
        return {}
    compared = {
        m: compare(x[value], finals[baseline][value], better, _margin(scope.run, value))
        for m, x in finals.items()
        if m != baseline
    }
    return correct({m: c for m, c in compared.items() if c.pairs})


def _leads(scope: _Scope, finals: Finals) -> dict[str, Lead]:
    ranking = {v: _ranking(scope, v, finals) for v in scope.columns}
    favourite = next(iter(ranking.get(scope.judged or "", ())), None)
    return {v: _lead(scope, v, finals, ranks, favourite) for v, ranks in ranking.items() if ranks}


def _ranking(scope: _Scope, value: str, finals: Finals) -> tuple[str, ...]:
    """The methods by mean, best first; none where no way is better."""
    better = _better(scope.run, scope.target, value)
    means = {m: i.mean for m, x in finals.items() if (i := interval(x.get(value, ()))).n}
    ranked = sorted(means, key=lambda m: means[m], reverse=better == "higher")
    return tuple(ranked) if better else ()


def _lead(
    scope: _Scope, value: str, finals: Finals, ranking: tuple[str, ...], favourite: str | None
) -> Lead:
    best, *others = ranking
    rival = favourite if favourite in others else next(iter(others), None)
    better = _better(scope.run, scope.target, value)
    if rival is None or better is None:
        return Lead(best, None, None, ranking)
    pair = compare(finals[best][value], finals[rival][value], better, _margin(scope.run, value))
    return Lead(best, rival, pair, ranking)


def _better(run: Run, target: Target | None, value: str) -> Better | None:
    if target and value == target.value:
        return target.better
    better: Better | None = run["metrics"].get(metric_of(value), {}).get("better")
    return better


def _margin(run: Run, value: str) -> float | None:
    margin: float | None = (run["report"].get("margin") or {}).get(value)
    return margin


# ---- the target


def _target(run: Run) -> Target | None:
    target = run["report"].get("target")
    if not target:
        return None
    below = target.get("below") is not None
    return Target(target["metric"], float(target["below" if below else "above"]), below)


def _to_target(target: Target | None, records: Sequence[Record]) -> ToTarget | None:
    trained = [r for r in records if r["status"] in ("done", "diverged")]
    if target is None or not trained:
        return None
    passages = [_first_passage(target, r) for r in trained]
    medians = (median(at) for at in zip(*passages, strict=True))
    return ToTarget(sum(p[0] < inf for p in passages), len(trained), *medians)


def _first_passage(target: Target, record: Record) -> tuple[float, float, float]:
    """Epoch, update and seconds; infinite for a miss."""
    curve = record["curves"].get(target.value)
    if record["status"] == "done" and curve:
        for i, x in enumerate(curve["value"]):
            if target.met(x):
                return curve["epoch"][i], curve["update"][i], curve["seconds"][i]
    return inf, inf, inf


# ---- cost


def _update_cost(records: Sequence[Record]) -> UpdateCost | None:
    """The mean over seeds."""
    costs = [r["cost"] for r in records if r["cost"] and r["cost"]["updates"]]
    if not costs:
        return None
    return UpdateCost(
        {p: fmean(c["seconds"][p] / c["updates"] for c in costs) for p in PHASES},
        {p: _mean_cost([Cost(**c["counted"][p]) for c in costs]) for p in PHASES},
    )


def _mean_cost(costs: Sequence[Cost]) -> Cost:
    return Cost(*map(fmean, zip(*costs, strict=True)))


def _ratio(cost: UpdateCost | None, baseline: UpdateCost | None) -> Ratio | None:
    if cost is None or baseline is None:
        return None
    mine, theirs = cost.counted["negative"].macs, baseline.counted["negative"].macs
    measured, reference = cost.seconds["negative"], baseline.seconds["negative"]
    return Ratio(
        mine / theirs if theirs else nan,
        measured / reference if reference else nan,
    )


# ---- the whole run


def _place(run: Run, record: Record) -> tuple[int, int]:
    return run["datasets"].index(record["dataset"]), run["methods"].index(record["method"])


def _values(run: Run, records: Sequence[Record]) -> tuple[str, ...]:
    """By metric in the suite's order; within a metric columns first, then train before test."""
    names = dict.fromkeys(name for r in records for name in r["curves"])
    columns, metrics = list(run["report"].get("columns") or ()), list(run["metrics"])
    return tuple(sorted(names, key=_value_order(metrics, columns)))


def _value_order(metrics: list[str], columns: list[str]) -> Callable[[str], tuple[Any, ...]]:
    def order(name: str) -> tuple[Any, ...]:
        part = part_of(name)
        metric = metrics.index(metric_of(name)) if metric_of(name) in metrics else len(metrics)
        column = columns.index(name) if name in columns else len(columns)
        return metric, metric_of(name), column, _part_order(part), part

    return order


def _part_order(part: str) -> int:
    return int(part) if part.isdecimal() else -1 if part == "train" else 0


def _columns(
    run: Run, target: Target | None, values: tuple[str, ...]
) -> tuple[tuple[str, ...], str | None]:
    """The main table's columns, and which of them the verdicts are about."""
    columns = tuple(run["report"].get("columns") or ())
    columns = columns or tuple(v for v in values if not in_spectrum(v))[:4]
    if target is None:
        return columns, next((v for v in columns if _better(run, None, v)), None)
    if target.value not in columns:
        columns = (target.value, *columns)
    return columns, target.value


def _trouble(record: Record) -> Trouble:
    reason = record["reason"] or "no reason given"
    return Trouble(record["dataset"], record["method"], record["seed"], record["status"], reason)


def _environment(records: Sequence[Record]) -> dict[str, tuple[str, ...]]:
    keys = dict.fromkeys(key for r in records for key in r["environment"])
    return {k: _different(str(r["environment"].get(k, "unknown")) for r in records) for k in keys}


def _different(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(texts)))


def _blocks(records: Sequence[Record]) -> dict[str, tuple[int, ...]]:
    methods = dict.fromkeys(r["method"] for r in records)
    return {
        m: tuple(sorted({r["block"]["replicas"] for r in records if r["method"] == m}))
        for m in methods
    }


def _plain(x: Any) -> Any:
    if isinstance(x, Mapping):
        return {str(key): _plain(item) for key, item in x.items()}
    if isinstance(x, Cost):
        return _plain(x._asdict())
    if isinstance(x, list | tuple):
        return [_plain(item) for item in x]
    return None if isinstance(x, float) and not isfinite(x) else x
