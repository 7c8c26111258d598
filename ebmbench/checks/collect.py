"""Which checks a component is held to: those of every component, and those of its family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ebmbench.checks.check import Check, Examine
from ebmbench.checks.families import (
    components,
    datasets,
    executors,
    kernels,
    metrics,
    models,
    samplers,
)
from ebmbench.interfaces.component import Component
from ebmbench.interfaces.installed.registry import FAMILIES, Registry

OF_FAMILY: dict[str, Mapping[str, Examine]] = {
    "datasets": datasets.CHECKS,
    "models": models.CHECKS,
    "kernels": kernels.CHECKS,
    "samplers": samplers.CHECKS,
    "metrics": metrics.CHECKS,
    "executors": executors.CHECKS,
}


def checks_of(
    component: type[Component],
    options: Sequence[Mapping[str, Any]] | None = None,
    registry: Registry | None = None,
) -> list[Check]:
    """All checks of a component, in the order to read them.

    Args:
        component: a class of any family.
        options: what to check it with; by default its own ``examples``, or a guess.
        registry: where to look for models and kernels that go with it; by default what is
            installed.
    """
    found = registry or Registry.discover()
    all_checks = {**components.CHECKS, **OF_FAMILY[family_of(component)]}
    names = (*all_checks, components.DECLARED)
    all_checks[components.DECLARED] = partial(components.known_failures, names=names)
    return [Check(name, component, examine, options, found) for name, examine in all_checks.items()]


def family_of(component: type[Component]) -> str:
    """The plural name of its family."""
    families = FAMILIES.values()
    return next(each.plural for each in families if issubclass(component, each.interface))
