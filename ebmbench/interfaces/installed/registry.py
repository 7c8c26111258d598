"""What is installed: components by family and name, and the plugins that bring them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal, NamedTuple

import pluggy

from ebmbench.errors import ComponentError, PluginError
from ebmbench.interfaces import hookspecs
from ebmbench.interfaces.component import Component, Options
from ebmbench.interfaces.dataset import Dataset
from ebmbench.interfaces.executor import Executor
from ebmbench.interfaces.installed.which_plugins import NO_THIRD_PARTY, ONLY
from ebmbench.interfaces.kernel import GibbsKernel
from ebmbench.interfaces.metric import Metric
from ebmbench.interfaces.model import Model
from ebmbench.interfaces.sampler import Sampler
from ebmbench.isolation.apart import Lost, apart
from ebmbench.isolation.contained import contained
from ebmbench.isolation.settings import generators_kept

GROUP = "ebmbench"
OURS = "ebmbench"  # the distribution that brings the built-in plugins


class Family(NamedTuple):
    """A kind of component.

    Attributes:
        plural: what it is called in code, such as ``datasets``.
        singular: what one of them is called in a sentence, such as ``dataset``.
        interface: what its components are subclasses of.
        words: what a suite says beside a component's options, so that no option can be called so.
        in_suites: whether suites choose one.
    """

    plural: str
    singular: str
    interface: type[Component]
    words: frozenset[str] = frozenset({"name"})
    in_suites: bool = True

    @property
    def hook(self) -> str:
        """The hook that returns a plugin's components of this family."""
        return f"ebmbench_{self.plural}"


FAMILIES: dict[str, Family] = {
    family.plural: family
    for family in (
        Family("datasets", "dataset", Dataset, frozenset({"name", "extends", "sweep"})),
        Family("models", "model", Model),
        Family("kernels", "kernel", GibbsKernel),
        Family("samplers", "sampler", Sampler),
        Family("metrics", "metric", Metric, frozenset({"name", "at", "every", "epochs", "as"})),
        Family("executors", "executor", Executor, frozenset(), in_suites=False),
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

    @property
    def third_party(self) -> bool:
        """Whether it is not one of ours."""
        return self.distribution != OURS

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
        chosen = [point for point, why in found.items() if not why]
        harmful = harms(chosen)
        registry = cls.load(point for point in chosen if point not in harmful)
        registry.plugins += [
            *(Plugin.of(p)._replace(state="left out", why=why) for p, why in found.items() if why),
            *(Plugin.of(p)._replace(state="broken", why=why) for p, why in harmful.items()),
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
                entries = loaded(point)
            except ComponentError as error:  # it must not take us down
                plugin = plugin._replace(state="broken", why=error.why)
                entries = []
            for entry in entries:
                registry._claim(entry)
            registry.plugins.append(plugin)
        return registry

    @property
    def broken(self) -> dict[str, str]:
        """Plugin -> why it could not be loaded. A broken plugin takes nothing else down."""
        return {plugin.name: plugin.why for plugin in self.plugins if plugin.state == "broken"}

    @property
    def third_party(self) -> bool:
        """Whether a plugin that is not ours has been loaded."""
        return any(each.third_party and each.state == "loaded" for each in self.plugins)

    def kernels(self) -> list[type[GibbsKernel]]:
        """The classes of all kernels, typed."""
        return [entry.component for entry in self.families["kernels"].values()]  # type: ignore[misc]

    def get(self, family: str, name: str) -> Entry | None:
        """The entry, or None."""
        return self.families[family].get(name)

    def names(self, family: str) -> list[str]:
        """The family's components, sorted."""
        return sorted(self.families[family])

    def _claim(self, entry: Entry) -> None:
        claimed, name = self.families[entry.family], entry.component.name
        if name in claimed:
            raise PluginError(
                f"two plugins claim {FAMILIES[entry.family].singular} '{name}': "
                f"{_owner(claimed[name])} and {_owner(entry)}. Uninstall one of them, or leave it "
                f"out with {ONLY}=... or --no-third-party."
            )
        claimed[name] = entry


def loaded(point: EntryPoint) -> list[Entry]:
    """The components of a plugin.

    Raises:
        ComponentError: it failed, in whatever way.
    """
    plugin = Plugin.of(point)  # once: it reads a file
    with generators_kept(), contained(f"plugin '{point.name}'", passing=()):
        manager = pluggy.PluginManager(GROUP)
        manager.add_hookspecs(hookspecs)
        manager.register(point.load(), name=point.name)
        manager.check_pending()  # a misspelt hook would be silent otherwise
        return [
            _checked_entry(family, component, plugin)
            for family in FAMILIES.values()
            for components in getattr(manager.hook, family.hook)()
            for component in components
        ]


def harms(points: Sequence[EntryPoint]) -> dict[EntryPoint, str]:
    """Of third-party plugins those that crash or hang when they are loaded, and how.

    They are loaded in a process of their own first, unless this one has their modules already.
    """
    waiting = [
        point
        for point in sorted(points, key=lambda point: point.name)
        if Plugin.of(point).third_party and point.module not in sys.modules
    ]
    found: dict[EntryPoint, str] = {}
    while waiting:
        try:
            apart(_load_all, waiting, silent=True)
            break
        except Lost as lost:
            names = [f"plugin '{point.name}'" for point in waiting]
            at = names.index(lost.doing[0]) if lost.doing else 0
            found[waiting[at]] = lost.how
            waiting = waiting[at + 1 :]  # those before it have been loaded
    return found


def _load_all(points: Sequence[EntryPoint]) -> None:
    for point in points:
        with suppress(ComponentError):  # that is for whoever loads it in earnest
            loaded(point)


def _checked_entry(family: Family, component: Any, plugin: Plugin) -> Entry:
    base = family.interface
    if not (isinstance(component, type) and issubclass(component, base)):
        raise TypeError(f"{family.hook} must return subclasses of {base.__name__}: {component}")
    if not isinstance(getattr(component, "name", None), str):
        raise TypeError(f"{component.__name__} has no name")
    for name, kind in (("version", str), ("known_failures", Mapping), ("cites", tuple)):
        if not isinstance(getattr(component, name), kind):
            raise TypeError(f"the {name} of {component.__name__} is no {kind.__name__}")
    if not (isinstance(component.Options, type) and issubclass(component.Options, Options)):
        raise TypeError(f"{component.__name__}.Options is no subclass of ebmbench's Options")
    _require_own_words(component, family)
    component.headline()  # whoever lists it asks for it
    return Entry(family.plural, component, plugin.name, plugin.distribution, plugin.version)


def _require_own_words(component: type[Component], family: Family) -> None:
    """Check that each option can be set: in a suite it stands beside the family's words."""
    for name, info in component.Options.model_fields.items():
        if (word := info.alias or name) in family.words:
            raise TypeError(
                f"the option '{word}' of {component.__name__} can never be set, for '{word}' is a "
                f"word of suites beside the options of {family.plural}. Rename it"
            )


def _left_out(point: EntryPoint) -> str:
    """What leaves this plugin out; empty where it is to be loaded."""
    chosen = os.environ.get(ONLY)
    if chosen is not None and point.name not in {name.strip() for name in chosen.split(",")}:
        return f"{ONLY} does not name it"
    if os.environ.get(NO_THIRD_PARTY, "0") not in ("", "0") and Plugin.of(point).third_party:
        return "third-party plugins are left out"
    return ""


def _owner(entry: Entry) -> str:
    return f"'{entry.plugin}' ({entry.distribution} {entry.version})"
