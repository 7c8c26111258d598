"""A run and its records as the journal stores them, made up: what the reports are tested on.

Three methods on one dataset at six seeds: Fast is clearly best on ``hamming`` and far worst on
``nll``; Slow is the baseline; Twin equals Slow up to noise. Seed 4 of Twin diverged, seed 5 of
Twin failed, seed 5 of Slow has no record. Ghost was skipped, and ``nll`` on Fast's gradients.
"""

from __future__ import annotations

from typing import Any

import numpy as np

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


def run(**report: Any) -> dict[str, Any]:
    """The run's description; keyword arguments replace entries of ``report``."""
    cells = [cell_id(m, s) for m in METHODS for s in SEEDS]
    return {
        "format": 1,
        "suite": "toy",
        "title": "A toy that is Fast, Slow and Twin.",
        "command": "ebmbench run suites/toy.yaml",
        "quick": False,
        "digest": "3f2a9c0011",
        "epochs": EPOCHS[-1],
        "seeds": SEEDS,
        "datasets": ["bars"],
        "methods": [*METHODS, "Ghost"],
        "cells": cells,
        "skips": [
            {"dataset": "bars", "method": "Ghost", "what": "method", "reason": "needs a body"},
            {"dataset": "bars", "method": "Fast", "what": "metric gradient_error", "reason": "big"},
        ],
        "metrics": {
            "hamming": {"unit": "fraction of pixels", "better": "lower"},
            "nll": {"unit": "nats", "better": "lower"},
            "gradient_error": {"unit": "", "better": "lower"},
            "spectrum": {"unit": "", "better": None},
        },
        "report": {
            "baseline": "Slow",
            "target": {"metric": "hamming.test", "below": 0.05},
            "margin": {"hamming.test": 0.02},
            "columns": ["hamming.train", "hamming.test", "nll.train", "nll.test"],
            "deviations": ["Twin is Slow with other noise."],
            **report,
        },
    }


def records() -> list[dict[str, Any]]:
    """The records of all cells but Slow's seed 5, in an order that must not matter."""
    made = [record(m, s) for m in METHODS for s in SEEDS if (m, s) != ("Slow", 5)]
    return made[::-1]


def diverged_late() -> list[dict[str, Any]]:
    """Fast's seeds, of which seed 0 reached the target, diverged, and has finite values still."""
    made = [record("Fast", seed) for seed in SEEDS]
    made[0]["status"] = "diverged"
    return made


def finals(method: str, value: str) -> list[float]:
    """The last value of each seed that is done, by seed."""
    mine = [record(method, seed) for seed in SEEDS if (method, seed) != ("Slow", 5)]
    return [r["curves"][value]["value"][-1] for r in mine if r["status"] == "done"]


def cell_id(method: str, seed: int) -> str:
    """The id of a cell."""
    return f"bars--{method}--s{seed}--abc123"


def record(method: str, seed: int) -> dict[str, Any]:
    """One cell's record; deterministic."""
    status = {("Twin", 4): "diverged", ("Twin", 5): "failed"}.get((method, seed), "done")
    reasons = {"diverged": "hamming.test is not finite at epoch 30", "failed": "out of memory"}
    failed = status == "failed"
    return {
        "format": 1,
        "id": cell_id(method, seed),
        "dataset": "bars",
        "method": method,
        "seed": seed,
        "status": status,
        "reason": reasons.get(status),
        "curves": {} if failed else _curves(method, seed, status),
        "cost": None if failed else _cost(method),
        "block": None if failed else {"replicas": 3},
        "environment": {"ebmbench": "0.1.0", "python": "3.11.7", "machine": "x86_64, 2 cores"},
        "started": f"2026-01-01T00:00:{seed:02}Z",
        "finished": f"2026-01-01T00:01:{seed:02}Z",
    }


def _curves(method: str, seed: int, status: str) -> dict[str, Any]:
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


def _curve(path: list[float], method: str, epochs: tuple[int, ...] = EPOCHS) -> dict[str, Any]:
    updates = [UPDATES_PER_EPOCH * e for e in epochs]
    seconds = [u * (SECONDS[method] + 0.0003) for u in updates]
    return {"epoch": list(epochs), "update": updates, "seconds": seconds, "value": list(path)}


def _cut(curves: dict[str, Any]) -> dict[str, Any]:
    return {n: {**c, "value": [*c["value"][:-1], None]} for n, c in curves.items()}


def _cost(method: str) -> dict[str, Any]:
    updates = UPDATES_PER_EPOCH * EPOCHS[-1]
    seconds = {"data": 0.0002, "negative": SECONDS[method], "optimizer": 0.0001}
    return {
        "updates": updates,
        "seconds": {phase: per * updates for phase, per in seconds.items()},
        "counted": {
            "data": {"macs": 16_000.0, "randoms": 0.0, "bytes": 64_000.0},
            "negative": {"macs": MACS[method], "randoms": 1000.0, "bytes": 256_000.0},
            "optimizer": {"macs": 16_000.0, "randoms": 0.0, "bytes": 192_000.0},
        },
    }
