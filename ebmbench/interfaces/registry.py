"""What is installed: components by family and name, and the plugins that bring them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal, NamedTuple

import pluggy

from ebmbench.errors import PluginError
from ebmbench.interfaces import hookspecs
from ebmbench.interfaces.component import Component
from ebmbench.interfaces.dataset import Dataset
from ebmbench.interfaces.kernel import GibbsKernel
from ebmbench.interfaces.metric import Metric
from ebmbench.interfaces.model import Model
from ebmbench.interfaces.sampler import Sampler
from ebmbench.interfaces.which_plugins import NO_THIRD_PARTY, ONLY

GROUP = "ebmbench"
OURS = "ebmbench"  # the distribution that brings the built-in plugins


class Family(NamedTuple):
    """A kind of component.

    Attributes:
        plural: what it is called in code, such as ``datasets``.
        singular: what one of them is called in a sentence, such as ``dataset``.
        interface: what its components are subclasses of.
    """

    plural: str
    singular: str
    interface: type[Component]

    @property
    def hook(self) -> str:
        """The hook that returns a plugin's components of this family."""
        return f"ebmbench_{self.plural}"


FAMILIES: dict[str, Family] = {
    family.plural: family
    for family in (
        Family("datasets", "dataset", Dataset),
        Family("models", "model", Model),
        Family("kernels", "kernel", GibbsKernel),
        Family("samplers", "sampler", Sampler),
        Family("metrics", "metric", Metric),
    )
}


def family_of(name: str) -> Family | None:
    """The family called so, ``sampler`` or ``samplers``; None where there is none."""
    return next((each for each in FAMILIES.values() if name in each[:2]), None)


@dataclass(frozen=True)
class Entry:
    """A component and who brings it."""

    family: str
    component: type[Component]
    plugin: str
    distribution: str
    version: str


class Plugin(NamedTuple):
    """An installed plugin, and what became of it.

    Attributes:
        name: the entry point's.
        state: loaded, broken, or left out by an option or the environment.
        why: it is broken or left out; empty where it is loaded.
    """

    name: str
    distribution: str
    version: str
    state: Literal["loaded", "broken", "left out"] = "loaded"
    why: str = ""

    @classmethod
    def of(cls, point: EntryPoint) -> Plugin:
        """The plugin of an entry point."""
        distribution = point.dist
        if distribution is None:
            return cls(point.name, "?", "?")
        return cls(point.name, distribution.name, distribution.version)


@dataclass
class Registry:
    """Components by family and name.

    Attributes:
        families: family -> name -> entry.
        plugins: all that are installed, those left out too, in the order of their names.
    """

    families: dict[str, dict[str, Entry]] = field(
        default_factory=lambda: {family: {} for family in FAMILIES}
    )
    plugins: list[Plugin] = field(default_factory=list)

    @classmethod
    def discover(cls) -> Registry:
        """All installed plugins, less those that the environment leaves out."""
        found = {point: _left_out(point) for point in entry_points(group=GROUP)}
        registry = cls.load(point for point, why in found.items() if not why)
        registry.plugins += [
            Plugin.of(point)._replace(state="left out", why=why)
            for point, why in found.items()
            if why
        ]
        registry.plugins.sort()
        return registry

    @classmethod
    def load(cls, points: Iterable[EntryPoint]) -> Registry:
        """The registry of these plugins, in the order of their names.

        Raises:
            PluginError: two plugins claim the same component.
        """
        registry = cls()
        for point in sorted(points, key=lambda point: point.name):
            plugin = Plugin.of(point)
            try:
                registry._add(point)
            except PluginError:
                raise
            except Exception as error:  # a plugin may fail in any way; it must not take us down
                why = f"{type(error).__name__}: {error}"
                plugin = plugin._replace(state="broken", why=why)
            registry.plugins.append(plugin)
        return registry

    @property
    def broken(self) -> dict[str, str]:
        """Plugin -> why it could not be loaded. A broken plugin takes nothing else down."""
        return {plugin.name: plugin.why for plugin in self.plugins if plugin.state == "broken"}

    def kernels(self) -> list[type[GibbsKernel]]:
        """The classes of all kernels, typed."""
        return [entry.component for entry in self.families["kernels"].values()]  # type: ignore[misc]

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
            for family in FAMILIES.values()
            for components in getattr(manager.hook, family.hook)()
            for component in components
        ]
        for entry in entries:
            self._claim(entry)

    def _claim(self, entry: Entry) -> None:
        claimed, name = self.families[entry.family], entry.component.name
        if name in claimed:
            raise PluginError(
                f"two plugins claim {FAMILIES[entry.family].singular} '{name}': "
                f"{_owner(claimed[name])} and {_owner(entry)}. Uninstall one of them, or leave it "
                f"out with {ONLY}=... or --no-third-party."
            )
        claimed[name] = entry


def _checked_entry(family: Family, component: Any, point: EntryPoint) -> Entry:
    base = family.interface
    if not (isinstance(component, type) and issubclass(component, base)):
        raise TypeError(f"{family.hook} must return subclasses of {base.__name__}: {component}")
    if not isinstance(getattr(component, "name", None), str):
        raise TypeError(f"{component.__name__} has no name")
    plugin = Plugin.of(point)
    return Entry(family.plural, component, plugin.name, plugin.distribution, plugin.version)


def _left_out(point: EntryPoint) -> str:
    """What leaves this plugin out; empty where it is to be loaded."""
    chosen = os.environ.get(ONLY)
    if chosen is not None and point.name not in {name.strip() for name in chosen.split(",")}:
        return f"{ONLY} does not name it"
    if os.environ.get(NO_THIRD_PARTY, "0") not in ("", "0") and Plugin.of(point)[1] != OURS:
        return "third-party plugins are left out"
    return ""


def _owner(entry: Entry) -> str:
    return f"'{entry.plugin}' ({entry.distribution} {entry.version})"
