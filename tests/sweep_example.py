"""A run with sweeps as the journal stores it, made up: what is swept is reported on.

Wide and Narrow are swept over seven values that mean the same under two options; Plain is not.
``score`` is 1 - 1/(1 + x) for Wide, half of it for Narrow, 0.25 for Plain, plus 0.001 per seed.
"""

from __future__ import annotations

from typing import Any

POINTS = (0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 1000.0)
SEEDS = [0, 1, 2]
OPTIONS = {"Wide": "model.width", "Narrow": "model.spread"}
AXIS = "size of things"


def run(points: tuple[float, ...] = POINTS, datasets: tuple[str, ...] = ("bars",), **report: Any):
    """The run's description; keyword arguments replace entries of ``report``."""
    variants = {
        name_of(origin, x): {"origin": origin, "swept": {option: x}}
        for origin, option in OPTIONS.items()
        for x in points
    }
    methods = [*variants, "Plain"]
    return {
        "format": 1,
        "suite": "swept",
        "title": "Sweeps.",
        "command": "ebmbench run suites/swept.yaml",
        "quick": False,
        "digest": "3f2a9c0011",
        "epochs": 3,
        "seeds": SEEDS,
        "datasets": list(datasets),
        "methods": methods,
        "variants": {"methods": variants, "datasets": _sizes(datasets)},
        "cells": [f"{d}--{m}--s{s}" for d in datasets for m in methods for s in SEEDS],
        "skips": [
            {"dataset": datasets[0], "method": m, "what": "metric other", "reason": "no"}
            for m in methods
        ],
        "metrics": {"score": {"unit": "points", "better": "higher"}},
        "report": {
            "baseline": "Narrow",
            "axes": {AXIS: list(OPTIONS.values())},
            "marks": {"model.width": {"Here": 0.5}},
            **report,
        },
    }


def records(described: dict[str, Any]) -> list[dict[str, Any]]:
    """A record for each of the run's cells."""
    return [
        _record(d, m, s)
        for d in described["datasets"]
        for m in described["methods"]
        for s in described["seeds"]
    ]


def name_of(origin: str, x: float) -> str:
    """``Wide[width=0.1]``."""
    return f"{origin}[{OPTIONS[origin].rsplit('.', 1)[1]}={x}]"


def score(method: str, seed: int) -> float:
    """Where a seed of a method ends."""
    origin, _, rest = method.partition("[")
    if not rest:
        return 0.25 + 0.001 * seed
    x = float(rest.rstrip("]").split("=")[1])
    return (1 - 1 / (1 + x)) * (1.0 if origin == "Wide" else 0.5) + 0.001 * seed


def _sizes(datasets: tuple[str, ...]) -> dict[str, Any]:
    """``bars[size=3]`` is swept over its size."""
    swept = [d for d in datasets if "[" in d]
    return {
        d: {"origin": "bars", "swept": {"size": int(d.rstrip("]").split("=")[1])}} for d in swept
    }


def _record(dataset: str, method: str, seed: int) -> dict[str, Any]:
    values = [0.0, score(method, seed) / 2, score(method, seed)]
    phases = ("data", "negative", "optimizer")
    counted = {"macs": 10.0, "randoms": 1.0, "bytes": 4.0}
    return {
        "id": f"{dataset}--{method}--s{seed}",
        "dataset": dataset,
        "method": method,
        "seed": seed,
        "status": "done",
        "reason": None,
        "curves": {
            "score": {
                "epoch": [0, 1, 3],
                "update": [0, 2, 6],
                "seconds": [0, 1, 3],
                "value": values,
            }
        },
        "cost": {
            "updates": 6,
            "seconds": dict.fromkeys(phases, 0.1),
            "counted": dict.fromkeys(phases, counted),
        },
        "unmeasured": {},
        "block": {"replicas": 3},
        "environment": {"ebmbench": "0.1.0"},
    }
