"""What an update of each method of a suite costs, beside the roofline of this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import torch

from ebmbench.errors import ComponentError, ConfigError, Problem
from ebmbench.interfaces.cost import Cost
from ebmbench.isolation.apart import Lost, apart
from ebmbench.isolation.contained import contained
from ebmbench.numerics.threads import at_most
from ebmbench.plan.plan import Plan
from ebmbench.running.blocks.update import Update
from ebmbench.speed.roofline import Limit, Roofline, limit, measure_roofline
from ebmbench.speed.timing import SECONDS, Timing, statistics_of
from ebmbench.training.recipe import Recipe
from ebmbench.training.stopwatch import PHASES, Stopwatch


@dataclass(frozen=True)
class Measured:
    """An update of ``replicas`` replicas.

    Attributes:
        timings: by phase, of all replicas together.
        seconds: by phase, one replica's share: the median over the rounds.
        limits: by phase, of one replica's share.
        limit: of all phases together.
    """

    replicas: int
    timings: Mapping[str, Timing]
    seconds: Mapping[str, float]
    limits: Mapping[str, Limit]
    limit: Limit

    @property
    def total_seconds(self) -> float:
        """One replica's share of all phases."""
        return sum(self.seconds.values())


def measure_update(
    recipe: Recipe, counted: Mapping[str, Cost], replicas: int, rounds: int, roofline: Roofline
) -> Measured:
    """Measure at least so many updates of so many replicas, phase by phase."""
    timings = time_updates(Update(recipe, range(replicas)), rounds)
    seconds = {phase: taken.median / replicas for phase, taken in timings.items()}
    limits = {phase: limit(counted[phase], seconds[phase], roofline) for phase in PHASES}
    total = reduce(add, counted.values())
    of_all = limit(total, sum(seconds.values()), roofline)
    return Measured(replicas, timings, seconds, limits, of_all)


def time_updates(update: Update, rounds: int) -> dict[str, Timing]:
    """By phase, over at least so many updates, made one after another as in a training."""
    update.until_recorded()  # compiles what is not compiled yet, too
    watch = Stopwatch(update.device)
    while len(watch.laps[PHASES[0]]) < rounds or watch.total < SECONDS:
        update.make(watch)
    return {phase: statistics_of(np.array(laps), 1) for phase, laps in watch.laps.items()}


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
    roofline: Roofline
    methods: tuple[MethodCost, ...]

    def document(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "suite": self.suite,
            "device": self.device,
            "threads": self.threads,
            "floor": self.roofline._asdict(),
            "methods": [_method_document(method) for method in self.methods],
        }


def measure_suite(
    plan: Plan, replicas: int, rounds: int, threads: int, tell: Tell, isolated: bool
) -> SuiteCost:
    """Measure each dataset and method of a plan with one and with ``replicas`` replicas.

    Args:
        plan: of the suite.
        replicas: trained side by side.
        rounds: per phase, at least.
        threads: that may be used.
        tell: is called with what is measured.
        isolated: whether each method has a process of its own, which may crash.

    Raises:
        ConfigError: the suite trains nothing.
    """
    if not plan.suite.spec.train.epochs:
        place = plan.suite.place("train", "epochs")
        remedy = "Measure a suite that trains its methods."
        raise ConfigError(Problem(place, "train.epochs", "0: no update has a cost", remedy))
    device = plan.recipes[0].device
    with at_most(threads):
        tell("the machine's roofline")
        roofline = measure_roofline(torch.device(device), threads)
    measure = _method_apart if isolated else _method
    methods = []
    for recipe in plan.recipes:
        tell(f"{recipe.method_name} on {recipe.dataset_name}")
        counted = plan.estimate(recipe).counted
        methods.append(measure(recipe, counted, replicas, rounds, threads, roofline))
    return SuiteCost(plan.suite.spec.suite, device, threads, roofline, tuple(methods))


def _method_apart(
    recipe: Recipe, counted: Mapping[str, Cost], replicas: int, rounds: int, threads: int,
    roofline: Roofline,
) -> MethodCost:  # fmt: skip
    """The method's cost from a process of its own; one that crashes has none."""
    arguments = recipe, counted, replicas, rounds, threads, roofline
    try:
        return apart(_method, *arguments, fresh=threads > 1)
    except Lost as lost:
        return MethodCost(recipe.dataset_name, recipe.method_name, counted, problem=lost.how)


def _method(
    recipe: Recipe, counted: Mapping[str, Cost], replicas: int, rounds: int, threads: int,
    roofline: Roofline,
) -> MethodCost:  # fmt: skip
    """The method's cost, or why it has none: one that fails takes no other down."""
    names = recipe.dataset_name, recipe.method_name
    try:
        sizes = sorted({1, replicas})
        with at_most(threads), contained("", passing=()):  # a plugin may fail in any way
            measured = tuple(measure_update(recipe, counted, r, rounds, roofline) for r in sizes)
    except ComponentError as error:
        return MethodCost(*names, counted, problem=str(error))
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
