"""What is installed: components by family and name, and the plugins that bring them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pluggy

from ebmbench import hookspecs
from ebmbench.component import Component
from ebmbench.dataset import Dataset
from ebmbench.errors import PluginError
from ebmbench.kernel import GibbsKernel
from ebmbench.metric import Metric
from ebmbench.model import Model
from ebmbench.sampler import Sampler

GROUP = "ebmbench"
ONLY = "EBMBENCH_PLUGINS"  # names of the plugins to load, separated by commas; unset for all

FAMILIES: dict[str, type[Component]] = {
    "datasets": Dataset,
    "models": Model,
    "kernels": GibbsKernel,
    "samplers": Sampler,
    "metrics": Metric,
}


@dataclass(frozen=True)
class Entry:
    """A component and who brings it."""

    family: str
    component: type[Component]
    plugin: str
    distribution: str
    version: str


@dataclass
class Registry:
    """Components by family and name.

    Attributes:
        families: family -> name -> entry.
        broken: plugin -> why it could not be loaded. A broken plugin takes nothing else down.
    """

    families: dict[str, dict[str, Entry]] = field(
        default_factory=lambda: {family: {} for family in FAMILIES}
    )
    broken: dict[str, str] = field(default_factory=dict)

    @classmethod
    def discover(cls) -> Registry:
        """All installed plugins, or those that the environment variable names."""
        chosen = os.environ.get(ONLY)
        found = entry_points(group=GROUP)
        if chosen is not None:
            names = {name.strip() for name in chosen.split(",")}
            found = [point for point in found if point.name in names]  # type: ignore[assignment]
        return cls.load(found)

    @classmethod
    def load(cls, points: Iterable[EntryPoint]) -> Registry:
        """The registry of these plugins, in the order of their names.

        Raises:
            PluginError: two plugins claim the same component.
        """
        registry = cls()
        for point in sorted(points, key=lambda point: point.name):
            try:
                registry._add(point)
            except PluginError:
                raise
            except Exception as error:  # a plugin may fail in any way; it must not take us down
                registry.broken[point.name] = f"{type(error).__name__}: {error}"
        return registry

    def get(self, family: str, name: str) -> Entry | None:
        """The entry, or None."""
        return self.families[family].get(name)

    def names(self, family: str) -> list[str]:
        """The family's components, sorted."""
        return sorted(self.families[family])

    def _add(self, point: EntryPoint) -> None:
        manager = pluggy.PluginManager(GROUP)
        manager.add_hookspecs(hookspecs)
        manager.register(point.load(), name=point.name)
        manager.check_pending()  # a misspelt hook would be silent otherwise
        entries = [
            _checked_entry(family, component, point)
            for family in FAMILIES
            for components in getattr(manager.hook, f"ebmbench_{family}")()
            for component in components
        ]
        for entry in entries:
            self._claim(entry)

    def _claim(self, entry: Entry) -> None:
        family, name = self.families[entry.family], entry.component.name
        if name in family:
            raise PluginError(
                f"two plugins claim {entry.family[:-1]} '{name}': {_owner(family[name])} and "
                f"{_owner(entry)}. Uninstall one of them, or leave it out with {ONLY}=..."
            )
        family[name] = entry


def _checked_entry(family: str, component: Any, point: EntryPoint) -> Entry:
    base = FAMILIES[family]
    if not (isinstance(component, type) and issubclass(component, base)):
        raise TypeError(f"ebmbench_{family} must return subclasses of {base.__name__}: {component}")
    if not isinstance(getattr(component, "name", None), str):
        raise TypeError(f"{component.__name__} has no name")
    distribution = point.dist
    return Entry(
        family,
        component,
        point.name,
        distribution.name if distribution else "?",
        distribution.version if distribution else "?",
    )


def _owner(entry: Entry) -> str:
    return f"'{entry.plugin}' ({entry.distribution} {entry.version})"
