"""Which installed models are of rows of some kind: for those who chose another one."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from ebmbench.checks.examples import guessed
from ebmbench.interfaces.installed.registry import Registry
from ebmbench.interfaces.model import Model
from ebmbench.numerics.units.units import Units

MOST_NAMES = 3


def models_that_fit(units: Units, chosen: type[Model], registry: Registry) -> str:
    """``; boltzmann, rbm and ra-rbm have such rows``, to follow why the chosen one has not.

    Units of the same class count, as options may say which they are: how many states a site has.
    """
    if _is_of(chosen, units):
        return "; its options decide that"
    entries = registry.families["models"].items()
    fit = [name for name, entry in sorted(entries) if _is_of(entry.component, units)]
    if not fit:
        return "; no model that is installed has such rows"
    more = len(fit) - MOST_NAMES
    shown = fit if more <= 1 else [*fit[:MOST_NAMES], f"{more} other models"]
    return f"; {' and '.join(filter(None, [', '.join(shown[:-1]), shown[-1]]))} {_can(fit)}"


def _can(fit: list[str]) -> str:
    return "has such rows" if len(fit) == 1 else "have such rows"


def _is_of(model: Any, units: Units) -> bool:
    """Whether a model with some options is of such units; no, where options cannot be guessed."""
    with suppress(Exception):  # a stranger's, and only a hint
        options = model.Options(**guessed(model.Options))
        return type(model.units_of(options)) is type(units)
    return False
