"""The hooks in the order a run meets them, and what the component of each must give."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from ebmbench.interfaces import hookspecs
from ebmbench.interfaces.component import Component
from ebmbench.interfaces.installed.registry import FAMILIES
from ebmbench.interfaces.kernel import Sweeper
from ebmbench.interfaces.metric import View
from reference_pages.markdown import prose

LEAD = """\
A plugin is a module with an entry point in the group `ebmbench`. It has one function per family it
adds to, marked with `hookimpl`, which returns a list of classes and does nothing else. `Component`
is what they all have in common, `Sweeper` does a sampler's and `View` a metric's Gibbs sweeps;
[your first sampler](../first-sampler.md) is a whole plugin.
"""


def hooks_page() -> str:
    """Each hook with its interface."""
    sections = [_section(hook, base) for hook, base in hooks().items()]
    common = [f"## {each.__name__}\n\n{_described(each)}" for each in (Sweeper, View, Component)]
    return "\n\n".join(["# Hooks and interfaces", LEAD, *sections, *common, ""])


def hooks() -> dict[str, type[Component]]:
    """Hook -> what its classes must be."""
    return {family.hook: family.interface for family in FAMILIES.values()}


def methods(base: type) -> Iterator[tuple[str, Any]]:
    """The interface's own public methods, in the order of the source."""
    for name, each in vars(base).items():
        if inspect.isfunction(each) and not name.startswith("_"):
            yield name, each


def _section(hook: str, base: type[Component]) -> str:
    about = inspect.getdoc(getattr(hookspecs, hook)) or ""
    return f"## {hook}\n\n{prose(about)} Classes of `{base.__name__}`:\n\n{_described(base)}"


def _described(base: type) -> str:
    return "\n\n".join([prose(inspect.getdoc(base) or ""), *map(_method, methods(base))])


def _method(pair: tuple[str, Any]) -> str:
    name, function = pair
    given = "must be given" if getattr(function, "__isabstractmethod__", False) else ""
    heading = f"### {name}" + (f" ({given})" if given else "")
    signature = f"    {name}{inspect.signature(function)}".replace("'", "")
    return f"{heading}\n\n{signature}\n\n{prose(inspect.getdoc(function) or '')}"
