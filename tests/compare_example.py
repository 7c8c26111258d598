"""Sides of a comparison, made up: two methods on two datasets at seven seeds."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np

from ebmbench.compare.digits import rounded
from ebmbench.compare.side import End, Side

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
    return Side(name, {**about(seeds), **head}, tuple(pairs), ends)


def end(pair: tuple[str, str], seed: int, stream: int, noise: float, worse: float) -> End:
    """Where a cell ended; Slow never reaches the target."""
    rng = np.random.default_rng([*map(ord, "".join(pair)), seed, stream])
    x = MEANS[pair] * (1 + noise * rng.normal()) * worse
    passage = (3.0, 30.0 * worse, 0.5) if pair[1] == "Fast" else (inf, inf, inf)
    values = {"error.test": rounded(x), "score": rounded(1 / x) if x else 0.0, "size": 11.0}
    return End("done", None, 110, passage, values)


def about(seeds: tuple[int, ...] = SEEDS) -> dict[str, Any]:
    """A side's head."""
    return {
        "suite": "toy",
        "epochs": 11,
        "seeds": list(seeds),
        "components": components(),
        "metrics": {
            "error": {"better": "lower"},
            "score": {"better": "higher"},
            "size": {"better": None},
        },
        "report": {"target": {"metric": "error.test", "below": 0.3, "above": None}, "margin": {}},
        "gates": {},
        "environment": {"machine": "abacus", "torch": "2.5"},
    }


def components() -> dict[str, Any]:
    """What the values were made with."""
    return {
        "datasets": {"bars": component("bars", size=4), "bas": component("bas", size=3)},
        "metrics": {name: component(name, samples=7) for name in ("error", "score", "size")},
        "methods": {
            name: {"model": component("rbm", hidden=5), "sampler": component("cd", k=k)}
            for name, k in (("Fast", 1), ("Slow", 10))
        },
    }


def component(name: str, version: str = "1", **options: Any) -> dict[str, Any]:
    """A component as a run describes it."""
    return {"name": name, "version": version, "options": options}


def without(side: Side, key: tuple[str, str, int], **changes: Any) -> Side:
    """The side with one cell changed."""
    ends = {**side.ends, key: side.ends[key]._replace(**changes)}
    return Side(side.name, side.head, side.planned, ends)
