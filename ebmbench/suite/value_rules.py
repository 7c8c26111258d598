"""Every name of a value in a suite, held against what the suite's metrics give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from yaml import Node

from ebmbench.errors import Problem, did_you_mean
from ebmbench.interfaces.metric import Direction, Metric, Range
from ebmbench.suite.gates import NEVER_WARNS, SPEED, GateSpec, gates_of, never_warns
from ebmbench.suite.keys import SuiteSpec, TargetSpec
from ebmbench.suite.yaml_places import Path_, dotted, place_of
from ebmbench.training.recipe import Measurement

FEW = 6  # values that a message lists


class Named(NamedTuple):
    """Where a suite names a value."""

    path: Path_
    value: str


@dataclass(frozen=True)
class Given:
    """What a suite's metrics give.

    Attributes:
        metrics: by what their values are called.
    """

    metrics: Mapping[str, Measurement]

    def names(self, metric: str) -> list[str] | None:
        """The names of a metric's values; None where it does not say."""
        measured = self.metrics[metric]
        component: type[Metric] = measured.metric.component
        parts = component.parts_with(measured.metric.options)
        return None if parts is None else [measured.value_name(part) for part in parts]

    def all_names(self) -> list[str]:
        """Those of all metrics that say."""
        return [name for metric in self.metrics for name in self.names(metric) or ()]

    def better(self, value: str) -> Direction | None:
        """Which way is better; None where neither is, or no metric says."""
        metric = self._component(value)
        better = metric.better if metric else None
        return better.get(_part(value)) if isinstance(better, Mapping) else better

    def range(self, value: str) -> Range:
        """Between which values it lies."""
        metric = self._component(value)
        ends = metric.range if metric else None
        return (ends.get(_part(value)) if isinstance(ends, Mapping) else ends) or (None, None)

    def _component(self, value: str) -> type[Metric] | None:
        measured = self.metrics.get(value.partition(".")[0])
        return measured.metric.component if measured else None


def value_problems(spec: SuiteSpec, metrics: Sequence[Measurement], node: Node) -> list[Problem]:
    """Everything that is wrong with the values that a suite names."""
    given = Given({each.name: each for each in metrics})
    found = list(_unknown(spec, given, node))
    if found:
        return found
    return [
        *_without_direction(spec, given, node),
        *_without_effect(spec, given, node),
        *_tuned_for_training_rows(spec, given, node),
    ]


def _named(spec: SuiteSpec) -> list[Named]:
    report = spec.report
    target = [Named(("report", "target", "metric"), report.target.metric)] if report.target else []
    return [
        *(Named(("report", "columns", i), name) for i, name in enumerate(report.columns)),
        *(Named(("report", "margin", name), name) for name in report.margin),
        *(Named(("gates", name), name) for name in spec.gates if name != SPEED),
        *target,
        *([Named(("tuning", "metric"), spec.tuning.metric)] if spec.tuning else []),
    ]


def _unknown(spec: SuiteSpec, given: Given, node: Node) -> Iterator[Problem]:
    """Values that no metric of the suite gives."""
    for path, value in _named(spec):
        metric = value.partition(".")[0]
        of_metric = given.names(metric) if metric in given.metrics else []
        if of_metric is None or value in of_metric:
            continue
        problem = f"no metric of the suite gives '{value}'"
        remedy = _choose(value, of_metric) if of_metric else _near(value, given)
        yield Problem(place_of(node, path), dotted(path), problem, remedy)


def _choose(value: str, of_metric: list[str]) -> str:
    if len(of_metric) > FEW:
        near = did_you_mean(value, of_metric)
        return near if near.startswith("Did") else f"Choose from: {', '.join(of_metric[:FEW])}, ..."
    *most, last = of_metric
    return f"Choose {', '.join(most)} or {last}." if most else f"Choose {last}."


def _near(value: str, given: Given) -> str:
    return did_you_mean(value, given.all_names() or list(given.metrics))


def _without_direction(spec: SuiteSpec, given: Given, node: Node) -> Iterator[Problem]:
    """Gates on values of which neither way is better, and targets on the worse side."""
    target = spec.report.target
    for value in spec.gates:
        aimed = target is not None and target.metric == value
        if value != SPEED and not aimed and given.better(value) is None:
            path: Path_ = ("gates", value)
            problem = "neither way is better for this value, so that no loss can be told"
            remedy = "Gate another, or make it the target."
            yield Problem(place_of(node, path), dotted(path), problem, remedy)
    decides = spec.tuning.metric if spec.tuning else None
    aimed = target is not None and target.metric == decides
    if decides is not None and not aimed and given.better(decides) is None:
        problem = "neither way is better for this value, so that it cannot decide between trials"
        path = ("tuning", "metric")
        yield Problem(place_of(node, path), dotted(path), problem, "Name another.")
    if target is not None and given.better(target.metric) == _worse(target):
        side = "above" if target.above is not None else "below"
        path = ("report", "target", side)
        better = given.better(target.metric)
        problem = f"'{side}' is the worse side of {target.metric}, of which {better} is better"
        remedy = f"Write {'below' if side == 'above' else 'above'}."
        yield Problem(place_of(node, path, key=True), dotted(path), problem, remedy)


def _tuned_for_training_rows(spec: SuiteSpec, given: Given, node: Node) -> Iterator[Problem]:
    """A search is judged by rows that its trials do not see, which stand in for the test rows."""
    if spec.tuning is None or not spec.tuning.metric.endswith(".train"):
        return
    other = f"{spec.tuning.metric.removesuffix('.train')}.test"
    if other in (given.names(other.partition(".")[0]) or ()):
        path: Path_ = ("tuning", "metric")
        problem = "it is of the rows that trials are trained on, and would choose what overfits"
        remedy = f"Write {other}: in a search it is of rows held out of the training data."
        yield Problem(place_of(node, path), dotted(path), problem, remedy)


def _worse(target: TargetSpec) -> Direction:
    return "lower" if target.above is not None else "higher"


def _without_effect(spec: SuiteSpec, given: Given, node: Node) -> Iterator[Problem]:
    """Targets that all or none reach, and margins and gates that no loss exceeds."""
    target = spec.report.target
    if target is not None:
        yield from _target_problems(target, given, node)
    for value, margin in spec.report.margin.items():
        if margin >= width(given.range(value)):
            path = ("report", "margin", value)
            problem = f"no two values differ by more than {margin:g}: {_between(given, value)}"
            yield Problem(place_of(node, path), dotted(path), problem, "Give a smaller one.")
    for value, gate in gates_of(spec.gates).items():
        yield from _gate_problems(value, gate, given, node)


def _target_problems(target: TargetSpec, given: Given, node: Node) -> Iterator[Problem]:
    low, high = ends(given.range(target.metric))
    side, limit = ("below", target.below) if target.above is None else ("above", target.above)
    assert limit is not None
    missed = limit <= low if side == "below" else limit >= high
    always = limit > high if side == "below" else limit < low
    if missed or always:
        path = ("report", "target", side)
        problem = f"{'never' if missed else 'always'} reached: {_between(given, target.metric)}"
        yield Problem(place_of(node, path), dotted(path), problem, "Give a value between.")


def _gate_problems(value: str, gate: GateSpec, given: Given, node: Node) -> Iterator[Problem]:
    for level in (gate.warn, gate.fail):
        if isinstance(level, float) and level >= width(given.range(value)):
            path: Path_ = ("gates", value)
            problem = f"no loss exceeds {level:g}: {_between(given, value)}"
            yield Problem(place_of(node, path), dotted(path), problem, per_cent(level))
    if never_warns(gate):
        path = ("gates", value, "warn")
        yield Problem(place_of(node, path), dotted(path), *NEVER_WARNS)


def per_cent(level: float) -> str:
    """The remedy where an amount was written and per cent were meant."""
    return f"Did you mean {level:g}%? An amount is in the value's unit."


def ends(between: Range) -> tuple[float, float]:
    """The smallest and the largest value that there can be, infinite where there is no such end."""
    low, high = between
    return (-inf if low is None else low, inf if high is None else high)


def width(between: Range) -> float:
    """By how much two values can differ."""
    low, high = ends(between)
    return high - low


def _between(given: Given, value: str) -> str:
    low, high = given.range(value)
    if low is None:
        return f"{value} is at most {high:g}"
    return (
        f"{value} is at least {low:g}" if high is None else f"{value} is from {low:g} to {high:g}"
    )


def _part(value: str) -> str:
    return value.partition(".")[2]
