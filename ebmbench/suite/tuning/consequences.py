"""What only looks wrong because of what is wrong with the tuning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yaml import MappingNode, Node

from ebmbench.errors import Problem
from ebmbench.suite.yaml_places import get

MISSING = "is missing"
TUNED = "is left to the tuning, and nothing says how much there is"
REMEDY = "Give it a value, or give tuning: {trials: 16, metric: nll.test}."


def without_consequences(problems: Sequence[Problem], node: Node) -> list[Problem]:
    """Without options that are missing only as nothing could be searched for them.

    An option under ``tune:`` need not be given. Where its range or the suite's ``tuning:`` is
    wrong, that is what is told; where there is no ``tuning:``, that.
    """
    searched = {*_searched(node)}
    unset = [each for each in problems if each.problem == MISSING and each.path in searched]
    if not unset:
        return [*problems]
    others = [each for each in problems if each not in unset]
    if any(".tune" in each.path or each.path.startswith("tuning") for each in others):
        return others
    if get(node, "tuning") is not None:
        return [*problems]
    told = {each: each._replace(problem=TUNED, remedy=REMEDY) for each in unset}
    return [told.get(each, each) for each in problems]


def _searched(node: Node) -> Iterator[str]:
    """The paths of all options that a method searches."""
    methods = get(node, "methods")
    for key, method in methods.value if isinstance(methods, MappingNode) else ():
        tune = get(method, "tune")
        for option, _ in tune.value if isinstance(tune, MappingNode) else ():
            yield f"methods.{key.value}.{option.value}"
