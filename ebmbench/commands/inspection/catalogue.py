"""What is installed, for people and for machines: families, components, options."""

from __future__ import annotations

from inspect import getdoc
from typing import Any

from ebmbench.errors import ConfigError, Problem, did_you_mean
from ebmbench.interfaces.citations import cited_by
from ebmbench.interfaces.installed.registry import (
    FAMILIES,
    Entry,
    Family,
    Plugin,
    Registry,
    family_of,
)
from ebmbench.interfaces.options import option_rows
from ebmbench.isolation.contained import contained


def catalogue(registry: Registry) -> dict[str, Any]:
    """All components by family, and the plugins that are broken."""
    families = {
        family: [brief(registry.families[family][name]) for name in registry.names(family)]
        for family in FAMILIES
    }
    return {**families, "broken": registry.broken}


def plugins(registry: Registry) -> dict[str, Any]:
    """All installed plugins: who brings what, and what is broken or left out and why."""
    return {
        "plugins": [
            {**plugin._asdict(), "brings": _brought(registry, plugin)}
            for plugin in registry.plugins
        ]
    }


def _brought(registry: Registry, plugin: Plugin) -> dict[str, list[str]]:
    """Family -> the names of the components that a plugin brings."""
    owner = (plugin.name, plugin.distribution)
    brought = {
        family: [
            name
            for name in registry.names(family)
            if (entry := registry.families[family][name])
            and (entry.plugin, entry.distribution) == owner
        ]
        for family in FAMILIES
    }
    return {family: names for family, names in brought.items() if names}


def brief(entry: Entry) -> dict[str, str]:
    """A component in one line."""
    return {
        "name": entry.component.name,
        "plugin": entry.plugin,
        "distribution": entry.distribution,
        "version": entry.version,
        "about": entry.component.headline(),
    }


def details(entry: Entry) -> dict[str, Any]:
    """All there is to know of a component."""
    with contained(f"component '{entry.component.name}'"):
        options = option_rows(entry.component.Options)
    return {
        "family": entry.family,
        **brief(entry),
        "component_version": entry.component.version,
        "doc": getdoc(entry.component) or "",
        "cites": [str(each) for each in cited_by(entry.component)],
        "options": options,
    }


def find(registry: Registry, family: str, name: str) -> Entry:
    """The component of a family (``sampler`` or ``samplers``).

    Raises:
        ConfigError: no such family, or no such component.
    """
    known = named_family(family, "info")
    entry = registry.get(known.plural, name)
    if entry is None:
        remedy = did_you_mean(name, registry.names(known.plural))
        raise ConfigError(Problem("info", "", f"no such {known.singular}: '{name}'", remedy))
    return entry


def named_family(name: str, place: str) -> Family:
    """The family that ``place`` names.

    Raises:
        ConfigError: there is no such family.
    """
    family = family_of(name)
    if family is None:
        remedy = did_you_mean(name, [known.singular for known in FAMILIES.values()])
        raise ConfigError(Problem(place, "", f"no such family: '{name}'", remedy))
    return family
