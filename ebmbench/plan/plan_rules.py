"""What a plan shows to mean nothing: batches beyond the data, values never measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ebmbench.errors import Problem
from ebmbench.suite.gates import SPEED
from ebmbench.suite.suite import Suite
from ebmbench.suite.yaml_places import Path_, dotted
from ebmbench.training.recipe import Recipe


class Found(NamedTuple):
    """A thing that means nothing, and whether it is a mistake or worth a note only."""

    problem: Problem
    is_mistake: bool


def large_batches(
    suite: Suite, recipes: Sequence[Recipe], rows: Mapping[str, int]
) -> Iterator[Found]:
    """Batches larger than all the data that a method is trained on; a note, than some of it.

    Args:
        suite: what is planned.
        recipes: what is run of it.
        rows: of training data, by dataset.
    """
    for name, method in suite.methods.items():
        size = method.batch.size
        datasets = [each.dataset_name for each in recipes if each.method_name == name]
        if not suite.spec.train.epochs or not isinstance(size, int):
            continue
        less = [f"{dataset} has {rows[dataset]}" for dataset in datasets if size > rows[dataset]]
        if less:
            problem = f"{size} rows are more than there are to train on: {'; '.join(less)}"
            remedy = "For all rows at once write size: 1/1."
            path = ("methods", name, "batch", "size")
            yield Found(_problem(suite, path, problem, remedy), len(less) == len(datasets))


def never_measured(
    suite: Suite, recipes: Sequence[Recipe], reasons: Mapping[str, Sequence[str]]
) -> Iterator[Found]:
    """A target or a gate on what every method skips; a note where less is asked of the suite.

    Args:
        suite: what is planned.
        recipes: what is run of it.
        reasons: why a metric is skipped, by what its values are called.
    """
    measured = {each.name for recipe in recipes for each in recipe.metrics}
    target = suite.spec.report.target
    asked: list[tuple[Path_, str]] = [
        (("gates", value), value) for value in suite.spec.gates if value != SPEED
    ]
    if target:
        asked.append((("report", "target", "metric"), target.metric))
    for path, value in asked:
        metric = value.partition(".")[0]
        if metric not in measured:
            problem = f"every method skips '{metric}': {'; '.join(reasons.get(metric, ()))}"
            found = _problem(suite, path, problem, "Name a value that is measured.")
            yield Found(found, is_mistake=not suite.narrowed)


def _problem(suite: Suite, path: Path_, problem: str, remedy: str) -> Problem:
    return Problem(suite.place(*path), dotted(path), problem, remedy)
