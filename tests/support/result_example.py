"""Results made up to be summed up: what each seed of each method ended with, on each dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ebmbench.interfaces.cost import Cost
from ebmbench.journal.documents import (
    BlockShare,
    CellCost,
    CellRecord,
    Components,
    Curve,
    MetricAbout,
    RunDocument,
)
from ebmbench.suite.keys import ReportSpec
from ebmbench.summary import Summary, summarise
from ebmbench.training.stopwatch import PHASES

End = float | str
"""A final value, or ``diverged`` or ``failed``."""
Ends = Mapping[str, Mapping[str, Sequence[End]]]
"""Dataset -> method -> how its seeds ended; fewer than others have are without a result."""

UPDATES = 50
START = 1.0  # what an untrained model has


def spread(mean: float, half: float = 0.01, seeds: int = 6, turn: int = 0) -> list[float]:
    """Values evenly around a mean, in an order that ``turn`` decides."""
    order = np.random.default_rng(turn).permutation(seeds)
    return [float(mean + half * (2 * each / (seeds - 1) - 1)) for each in order]


def result(
    ends: Ends,
    *,
    baseline: str | None = "CD",
    better: str = "lower",
    seconds: Mapping[str, float] | None = None,
    epochs: int = 10,
    others: Ends | None = None,
    margin: float | None = None,
    **run: Any,
) -> Summary:
    """The results summed up; judged is ``error.test``, from 0 to 1.

    Args:
        better: which way is.
        seconds: of an update, by method; 1 ms if left out.
        others: the same of a second value, ``nll``, of which less is better.
        margin: of ``error.test``.
        run: replaces parts of the run's description.
    """
    methods = list(dict.fromkeys(m for mine in ends.values() for m in mine))
    seeds = range(max(1, *(len(x) for mine in ends.values() for x in mine.values())))
    records = [
        _record(d, m, seed, end, (others or {}).get(d, {}).get(m), (seconds or {}).get(m, 1e-3))
        for d, mine in ends.items()
        for m, of_method in mine.items()
        for seed, end in enumerate(of_method)
    ]
    described = RunDocument(
        suite="made-up",
        title="Results made up.",
        command="ebmbench run suites/made-up.yaml",
        quick=False,
        digest="3f2a9c0011",
        epochs=epochs,
        seeds=tuple(seeds),
        datasets=tuple(ends),
        methods=tuple(methods),
        variants={"datasets": {}, "methods": {}},
        cells=tuple(_id(d, m, s) for d in ends for m in methods for s in seeds),
        skips=(),
        metrics={
            "error": MetricAbout(unit="", better=better, missing="", range=(0.0, 1.0)),
            "nll": MetricAbout(unit="nats", better="lower", missing=""),
        },
        components=Components(datasets={}, metrics={}, methods={}),
        gates={},
        report=ReportSpec(
            baseline=baseline,
            columns=["error.test", *(["nll"] if others else [])],
            margin={"error.test": margin} if margin else {},
        ),
    )
    return summarise(described.model_copy(update=run), records)


def _id(dataset: str, method: str, seed: int) -> str:
    return f"{dataset}--{method}--s{seed}"


def _record(
    dataset: str, method: str, seed: int, end: End, others: Sequence[End] | None, seconds: float
) -> CellRecord:
    status = end if isinstance(end, str) else "done"
    values = {"error.test": end, **({"nll": others[seed]} if others else {})}
    return CellRecord(
        id=_id(dataset, method, seed),
        dataset=dataset,
        method=method,
        seed=seed,
        status=status,
        reason="it had to be so" if status != "done" else None,
        curves={n: _curve(x, seconds) for n, x in values.items()} if status == "done" else {},
        cost=None if status == "failed" else _cost(seconds),
        block=BlockShare(replicas=1, seconds=None if status == "failed" else 1.0),
        environment={"ebmbench": "0.1.0"},
    )


def _curve(end: End, seconds: float) -> Curve:
    return Curve(
        epoch=(0, 10), update=(0, UPDATES), seconds=(0.0, UPDATES * seconds), value=(START, end)
    )


def _cost(seconds: float) -> CellCost:
    return CellCost(
        updates=UPDATES,
        seconds={phase: UPDATES * seconds / len(PHASES) for phase in PHASES},
        counted={phase: Cost(1e9 * seconds, 1.0, 4.0) for phase in PHASES},
    )
