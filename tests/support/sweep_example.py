"""A run with sweeps as the journal stores it, made up: what is swept is reported on.

Wide and Narrow are swept over seven values that mean the same under two options; Plain is not.
``score`` is 1 - 1/(1 + x) for Wide, half of it for Narrow, 0.25 for Plain, plus 0.001 per seed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
from ebmbench.plan.plan import Skip
from ebmbench.suite.keys import ReportSpec
from ebmbench.suite.variants import Variant

POINTS = (0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 1000.0)
SEEDS = [0, 1, 2]
OPTIONS = {"Wide": "model.width", "Narrow": "model.spread"}
AXIS = "size of things"


def run(
    points: tuple[float, ...] = POINTS,
    datasets: tuple[str, ...] = ("bars",),
    swept: Callable[[str, float], dict[str, Any]] = lambda option, x: {option: x},
    **report: Any,
) -> RunDocument:
    """The run's description.

    Args:
        swept: what is said of a variant, from its option and value.
        report: replaces entries of the report's section.
    """
    variants = {
        name_of(origin, x): Variant(origin, swept(option, x))
        for origin, option in OPTIONS.items()
        for x in points
    }
    methods = (*variants, "Plain")
    return RunDocument(
        suite="swept",
        title="Sweeps.",
        command="ebmbench run suites/swept.yaml",
        quick=False,
        digest="3f2a9c0011",
        epochs=3,
        seeds=SEEDS,
        datasets=datasets,
        methods=methods,
        variants={"datasets": _sizes(datasets), "methods": variants},
        cells=[f"{d}--{m}--s{s}" for d in datasets for m in methods for s in SEEDS],
        skips=[Skip(datasets[0], m, "metric other", "no") for m in methods],
        metrics={"score": MetricAbout(unit="points", better="higher", missing="")},
        components=Components(datasets={}, metrics={}, methods={}),
        gates={},
        report=ReportSpec(
            **{
                "baseline": "Narrow",
                "axes": {AXIS: list(OPTIONS.values())},
                "marks": {"model.width": {"Here": 0.5}},
                **report,
            }
        ),
    )


def records(described: RunDocument) -> list[CellRecord]:
    """A record for each of the run's cells."""
    return [
        _record(d, m, s)
        for d in described.datasets
        for m in described.methods
        for s in described.seeds
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
    end = 1 - 1 / (1 + x)
    return end + 0.001 * seed if origin == "Wide" else end / 2 + 0.0012 * seed


def _sizes(datasets: tuple[str, ...]) -> dict[str, Variant]:
    """``bars[size=3]`` is swept over its size."""
    swept = [d for d in datasets if "[" in d]
    return {d: Variant("bars", {"size": int(d.rstrip("]").split("=")[1])}) for d in swept}


def _record(dataset: str, method: str, seed: int) -> CellRecord:
    values = (0.0, score(method, seed) / 2, score(method, seed))
    phases = ("data", "negative", "optimizer")
    return CellRecord(
        id=f"{dataset}--{method}--s{seed}",
        dataset=dataset,
        method=method,
        seed=seed,
        status="done",
        reason=None,
        curves={"score": Curve(epoch=(0, 1, 3), update=(0, 2, 6), seconds=(0, 1, 3), value=values)},
        cost=CellCost(
            updates=6,
            seconds=dict.fromkeys(phases, 0.1),
            counted=dict.fromkeys(phases, Cost(10.0, 1.0, 4.0)),
        ),
        block=BlockShare(replicas=3, seconds=0.3),
        environment={"ebmbench": "0.1.0"},
    )
