"""A run and its records as the journal stores them, made up: what the reports are tested on.

Three methods on one dataset at six seeds: Fast is clearly best on ``hamming`` and far worst on
``nll``; Slow is the baseline; Twin equals Slow up to noise. Seed 4 of Twin diverged, seed 5 of
Twin failed, seed 5 of Slow has no record. Ghost was skipped, and ``nll`` on Fast's gradients.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from ebmbench.interfaces.cost import Cost
from ebmbench.journal.documents import (
    BlockShare,
    CellCost,
    CellRecord,
    Components,
    Curve,
    Document,
    MetricAbout,
    RunDocument,
)
from ebmbench.plan.plan import Skip
from ebmbench.suite.keys import ReportSpec

D = TypeVar("D", bound=Document)
EPOCHS = (0, 1, 3, 10, 30, 100)
SEEDS = list(range(6))
METHODS = ("Fast", "Slow", "Twin")
UPDATES_PER_EPOCH = 5

FINAL = {  # metric.part -> where each method ends
    "hamming.train": {"Fast": 0.015, "Slow": 0.160, "Twin": 0.160},
    "hamming.test": {"Fast": 0.010, "Slow": 0.170, "Twin": 0.170},
    "nll.train": {"Fast": 1250.0, "Slow": 4.0, "Twin": 4.01},
    "nll.test": {"Fast": 1300.0, "Slow": 5.0, "Twin": 5.01},
    "gradient_error": {"Fast": 0.9, "Slow": 0.2, "Twin": 0.21},
}
START = {"hamming": 0.5, "nll": 11.1, "gradient_error": 1.0}
SECONDS = {"Fast": 0.0001, "Slow": 0.0010, "Twin": 0.0012}  # the negative phase, per update
MACS = {"Fast": 128_000.0, "Slow": 2_560_000.0, "Twin": 2_560_000.0}


def run(**report: Any) -> RunDocument:
    """The run's description; keyword arguments replace entries of ``report``."""
    return RunDocument(
        suite="toy",
        title="A toy that is Fast, Slow and Twin.",
        command="ebmbench run suites/toy.yaml",
        quick=False,
        digest="3f2a9c0011",
        epochs=EPOCHS[-1],
        seeds=SEEDS,
        datasets=["bars"],
        methods=[*METHODS, "Ghost"],
        variants={"datasets": {}, "methods": {}},
        cells=[cell_id(m, s) for m in METHODS for s in SEEDS],
        skips=[
            Skip("bars", "Ghost", "method", "needs a body"),
            Skip("bars", "Fast", "metric gradient_error", "big"),
        ],
        metrics={
            "hamming": metric("fraction of pixels"),
            "nll": metric("nats"),
            "gradient_error": metric(),
            "spectrum": metric(better=None),
        },
        components=Components(datasets={}, metrics={}, methods={}),
        gates={},
        report=ReportSpec(
            **{
                "baseline": "Slow",
                "target": {"metric": "hamming.test", "below": 0.05},
                "margin": {"hamming.test": 0.02},
                "columns": ["hamming.train", "hamming.test", "nll.train", "nll.test"],
                "deviations": ["Twin is Slow with other noise."],
                **report,
            }
        ),
    )


def metric(
    unit: Any = "",
    better: Any = "lower",
    missing: str = "",
    range: Any = None,  # noqa: A002
) -> MetricAbout:
    """A metric as a run describes it."""
    return MetricAbout(unit=unit, better=better, missing=missing, range=range)


def run_with_nll(**about: Any) -> RunDocument:
    """The run, its metric ``nll`` described otherwise."""
    described = run()
    nll = metric(**{"unit": "nats", **about})
    return changed(described, metrics={**described.metrics, "nll": nll})


def records() -> list[CellRecord]:
    """The records of all cells but Slow's seed 5, in an order that must not matter."""
    made = [record(m, s) for m in METHODS for s in SEEDS if (m, s) != ("Slow", 5)]
    return made[::-1]


def all_well() -> list[CellRecord]:
    """As if every seed of every method had ended well."""
    return [record(m, s, well=True) for m in METHODS for s in SEEDS]


def diverged_late() -> list[CellRecord]:
    """Fast's seeds, of which seed 0 reached the target, diverged, and has finite values still."""
    first, *others = (record("Fast", seed) for seed in SEEDS)
    return [changed(first, status="diverged"), *others]


def finals(method: str, value: str) -> list[float | None]:
    """The last value of each seed that is done, by seed."""
    mine = [record(method, seed) for seed in SEEDS if (method, seed) != ("Slow", 5)]
    return [r.curves[value].last for r in mine if r.status == "done"]


def cell_id(method: str, seed: int) -> str:
    """The id of a cell."""
    return f"bars--{method}--s{seed}--abc123"


def record(method: str, seed: int, well: bool = False) -> CellRecord:
    """One cell's record; deterministic."""
    ends = {} if well else {("Twin", 4): "diverged", ("Twin", 5): "failed"}
    status = ends.get((method, seed), "done")
    reasons = {"diverged": "hamming.test is not finite at epoch 30", "failed": "out of memory"}
    failed = status == "failed"
    return CellRecord(
        id=cell_id(method, seed),
        dataset="bars",
        method=method,
        seed=seed,
        status=status,
        reason=reasons.get(status),
        curves={} if failed else _curves(method, seed, status),
        cost=None if failed else _cost(method),
        block=BlockShare(replicas=3, seconds=None if failed else 1.5),
        environment={"ebmbench": "0.1.0", "python": "3.11.7", "machine": "x86_64, 2 cores"},
        started=f"2026-01-01T00:00:{seed:02}Z",
        finished=f"2026-01-01T00:01:{seed:02}Z",
    )


def changed(document: D, **update: Any) -> D:
    """The document with some of what it says changed."""
    return document.model_copy(update=update)


def with_values(record: CellRecord, name: str, values: Sequence[float | None]) -> CellRecord:
    """The record with other values in one of its curves, where it has it."""
    if name not in record.curves:
        return record
    curve = changed(record.curves[name], value=tuple(values))
    return changed(record, curves={**record.curves, name: curve})


def without_end(record: CellRecord, name: str) -> CellRecord:
    """The record with nothing finite at the end of one of its curves."""
    return with_values(record, name, [*record.curves[name].value[:-1], None])


def _curves(method: str, seed: int, status: str) -> dict[str, Curve]:
    rng = np.random.default_rng([METHODS.index(method), seed])
    names = [n for n in FINAL if (method, n) != ("Fast", "gradient_error")]
    curves = {name: _curve(_path(name, method, rng), method) for name in names}
    for i in range(1, 5):
        curves[f"spectrum.{i}"] = _curve([10.0 / i**2 * rng.uniform(0.9, 1.1)], method, EPOCHS[-1:])
    return _cut(curves) if status == "diverged" else curves


def _path(name: str, method: str, rng: np.random.Generator) -> list[float]:
    """From the start to the end, evenly in log epoch, with 2 % noise."""
    end, start = FINAL[name][method], START[name.partition(".")[0]]
    share = np.log1p(EPOCHS) / np.log1p(EPOCHS[-1])
    noise = 1 + 0.02 * rng.normal(size=len(EPOCHS))
    return [float(x) for x in np.exp((1 - share) * np.log(start) + share * np.log(end)) * noise]


def _curve(path: list[float], method: str, epochs: tuple[int, ...] = EPOCHS) -> Curve:
    updates = tuple(UPDATES_PER_EPOCH * e for e in epochs)
    seconds = tuple(u * (SECONDS[method] + 0.0003) for u in updates)
    return Curve(epoch=epochs, update=updates, seconds=seconds, value=tuple(path))


def _cut(curves: dict[str, Curve]) -> dict[str, Curve]:
    return {n: c.model_copy(update={"value": (*c.value[:-1], None)}) for n, c in curves.items()}


def _cost(method: str) -> CellCost:
    updates = UPDATES_PER_EPOCH * EPOCHS[-1]
    seconds = {"data": 0.0002, "negative": SECONDS[method], "optimizer": 0.0001}
    return CellCost(
        updates=updates,
        seconds={phase: per * updates for phase, per in seconds.items()},
        counted={
            "data": Cost(macs=16_000.0, bytes=64_000.0),
            "negative": Cost(macs=MACS[method], randoms=1000.0, bytes=256_000.0),
            "optimizer": Cost(macs=16_000.0, bytes=192_000.0),
        },
    )
