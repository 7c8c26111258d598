"""Sides of a comparison, made up: two methods on two datasets at seven seeds."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any

import numpy as np

from ebmbench.compare.side import CellEnd, Head, Side, rounded
from ebmbench.journal.documents import Components, MethodParts, MetricAbout, Named
from ebmbench.suite.keys import ReportSpec, TrainSpec

SEEDS = tuple(range(7))
MEANS = {("bars", "Fast"): 0.2, ("bars", "Slow"): 0.4, ("bas", "Fast"): 3.0, ("bas", "Slow"): 5.0}


def side(
    name: str = "base",
    *,
    stream: int = 1,
    noise: float = 0.01,
    worse: dict[tuple[str, str], float] | None = None,
    seeds: tuple[int, ...] = SEEDS,
    datasets: tuple[str, ...] = ("bars", "bas"),
    **head: Any,
) -> Side:
    """A side with ``error.test`` (lower is better) and ``score`` (higher is).

    Args:
        stream: of the noise; the same stream is the same numbers.
        worse: (dataset, method) -> the factor by which it is worse on both values.
    """
    pairs = [pair for pair in MEANS if pair[0] in datasets]
    ends = {
        (*pair, seed): end(pair, seed, stream, noise, (worse or {}).get(pair, 1.0))
        for pair in pairs
        for seed in seeds
    }
    return Side(name, replace(about(seeds), **head), tuple(pairs), ends)


def end(pair: tuple[str, str], seed: int, stream: int, noise: float, worse: float) -> CellEnd:
    """Where a cell ended; Slow never reaches the target."""
    rng = np.random.default_rng([*map(ord, "".join(pair)), seed, stream])
    x = MEANS[pair] * (1 + noise * rng.normal()) * worse
    passage = (3, round(30 * worse), 0.5) if pair[1] == "Fast" else (inf, inf, inf)
    values = {"error.test": rounded(x), "score": rounded(1 / x) if x else 0.0, "size": 11.0}
    return CellEnd("done", None, 110, passage, values)


def about(seeds: tuple[int, ...] = SEEDS) -> Head:
    """A side's head."""
    return Head(
        suite="toy",
        train=TrainSpec(epochs=11),
        seeds=seeds,
        components=components(),
        metrics={"error": metric("lower"), "score": metric("higher"), "size": metric(None)},
        report=ReportSpec(target={"metric": "error.test", "below": 0.3}),
        gates={},
        environment={"machine": "abacus", "torch": "2.5"},
    )


def metric(better: Any, ends: Any = None) -> MetricAbout:
    """What is known of a metric."""
    return MetricAbout(unit="", better=better, missing="", range=ends)


def components() -> Components:
    """What the values were made with."""
    return Components(
        datasets={"bars": component("bars", size=4), "bas": component("bas", size=3)},
        metrics={name: component(name, samples=7) for name in ("error", "score", "size")},
        methods={"Fast": method(k=1), "Slow": method(k=10)},
    )


def method(k: int) -> MethodParts:
    """A method that makes k steps."""
    return MethodParts(
        model=component("rbm", hidden=5),
        sampler=component("cd", k=k),
        optimizer={"name": "sgd", "lr": 0.1},
        batch={"size": 2},
    )


def component(name: str, version: str = "1", **options: Any) -> Named:
    """A component as a run describes it."""
    return Named(name=name, version=version, options=options)


def changed(family: str, name: str, component: Any) -> Components:
    """The components with one of a family in another's place."""
    whole = components()
    return whole.model_copy(update={family: {**getattr(whole, family), name: component}})


def without(side: Side, key: tuple[str, str, int], **changes: Any) -> Side:
    """The side with one cell changed."""
    return replace(side, ends={**side.ends, key: side.ends[key]._replace(**changes)})
