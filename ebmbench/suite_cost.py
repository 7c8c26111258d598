"""What an update of each method of a suite costs, beside the floor of this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch

from ebmbench.cost import Cost
from ebmbench.errors import ConfigError, Problem, reason
from ebmbench.floor import Floor, Limit, measure_floor
from ebmbench.plan import Plan
from ebmbench.recipe import Recipe
from ebmbench.stopwatch import PHASES
from ebmbench.threads import at_most
from ebmbench.update_cost import Measured, measure_update

Tell = Callable[[str], object]
"""Called with what is being measured."""


@dataclass(frozen=True)
class MethodCost:
    """A method on a dataset: counted, and measured with one and with many replicas.

    Attributes:
        counted: by phase, of one replica.
        measured: smaller and larger number of replicas; empty where the method failed.
        problem: why it could not be measured; None if it was.
    """

    dataset: str
    method: str
    counted: Mapping[str, Cost]
    measured: tuple[Measured, ...] = ()
    problem: str | None = None

    @property
    def total(self) -> Cost:
        """Counted, all phases together."""
        return sum(self.counted.values(), Cost())


@dataclass(frozen=True)
class SuiteCost:
    """All methods of a suite, and the machine that they ran on."""

    suite: str
    device: str
    threads: int
    floor: Floor
    methods: tuple[MethodCost, ...]

    def document(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "suite": self.suite,
            "device": self.device,
            "threads": self.threads,
            "floor": self.floor._asdict(),
            "methods": [_method_document(method) for method in self.methods],
        }


def measure_suite(plan: Plan, replicas: int, rounds: int, threads: int, tell: Tell) -> SuiteCost:
    """Measure each dataset and method of a plan with one and with ``replicas`` replicas.

    Raises:
        ConfigError: the suite trains nothing.
    """
    if not plan.suite.spec.train.epochs:
        place = plan.suite.place("train", "epochs")
        remedy = "Measure a suite that trains its methods."
        raise ConfigError(Problem(place, "train.epochs", "0: no update has a cost", remedy))
    recipes = {(r.dataset_name, r.method_name): r for r in (cell.recipe for cell in plan.cells)}
    device = next(iter(recipes.values())).device
    with at_most(threads):
        tell("the machine's floor")
        floor = measure_floor(torch.device(device), threads)
        methods = []
        for (dataset, method), recipe in recipes.items():
            tell(f"{method} on {dataset}")
            counted = plan.estimate(recipe).counted
            methods.append(_method(recipe, counted, replicas, rounds, floor))
    return SuiteCost(plan.suite.spec.suite, device, threads, floor, tuple(methods))


def _method(
    recipe: Recipe, counted: Mapping[str, Cost], replicas: int, rounds: int, floor: Floor
) -> MethodCost:
    """The method's cost, or why it has none: one that fails takes no other down."""
    names = recipe.dataset_name, recipe.method_name
    try:
        measured = tuple(
            measure_update(recipe, counted, size, rounds, floor) for size in sorted({1, replicas})
        )
    except Exception as error:  # a plugin may fail in any way
        return MethodCost(*names, counted, problem=reason(error))
    return MethodCost(*names, counted, measured)


def _method_document(method: MethodCost) -> dict[str, Any]:
    return {
        "dataset": method.dataset,
        "method": method.method,
        "counted": {phase: cost._asdict() for phase, cost in method.counted.items()},
        "measured": [_measured_document(measured) for measured in method.measured],
        "problem": method.problem,
    }


def _measured_document(measured: Measured) -> dict[str, Any]:
    phases = {
        phase: {
            "seconds": measured.seconds[phase],
            "of_all_replicas": measured.timings[phase]._asdict(),
            **_limit_document(measured.limits[phase]),
        }
        for phase in PHASES
    }
    return {
        "replicas": measured.replicas,
        "seconds": measured.total_seconds,
        **_limit_document(measured.limit),
        "phases": phases,
    }


def _limit_document(limit: Limit) -> dict[str, Any]:
    return {
        "floor_seconds": limit.seconds._asdict(),
        "limited_by": limit.by,
        "efficiency": limit.efficiency,
    }
