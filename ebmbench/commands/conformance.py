"""``ebmbench test``: conformance checks of what is installed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from ebmbench.commands.options import FINE, GATE_FAILED, AsJson, print_json
from ebmbench.errors import ConfigError, Problem, did_you_mean

if TYPE_CHECKING:
    from ebmbench.checks import Check
    from ebmbench.interfaces.installed.registry import Entry, Registry


def conformance(
    name: Annotated[str, typer.Argument(help="A component, a plugin or a distribution")],
    family: Annotated[
        str | None, typer.Option(help="dataset, model, kernel, sampler or metric")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check that components keep their contracts and their mathematics. Exits with 1 if not."""
    from ebmbench.commands.screens.conformance import show_checks
    from ebmbench.interfaces.installed.registry import Registry

    registry, found = Registry.discover(), []
    for entry in entries_of(registry, name, family):
        found.append(_safely_examined(entry, registry))
        if not as_json:
            show_checks(found[-1:], Console())
    if as_json:
        print_json(found)
    raise typer.Exit(GATE_FAILED if failed(found) else FINE)


def entries_of(registry: Registry, name: str, family: str | None = None) -> list[Entry]:
    """The components of this name, or else of this distribution or plugin.

    Raises:
        ConfigError: there are none.
    """
    from ebmbench.commands.inspection.catalogue import named_family
    from ebmbench.interfaces.installed.registry import FAMILIES

    families = [named_family(family, "--family").plural] if family else list(FAMILIES)
    known = [entry for each in families for entry in registry.families[each].values()]
    named = [entry for entry in known if entry.component.name == name]
    found = named or [entry for entry in known if _brings(entry, name)]
    if not found:
        raise ConfigError(Problem("test", "", *_nothing(registry, name, known)))
    return found


def examined(entry: Entry, registry: Registry) -> dict[str, Any]:
    """A component, and what came of its checks."""
    from ebmbench.checks import checks_of

    checks = checks_of(entry.component, registry=registry)
    return {**_about(entry), "checks": list(map(_row, checks))}


def _about(entry: Entry) -> dict[str, str]:
    return {
        "family": entry.family,
        "name": entry.component.name,
        "distribution": entry.distribution,
        "version": entry.version,
    }


def _safely_examined(entry: Entry, registry: Registry) -> dict[str, Any]:
    """In a process of its own where the component is not ours: it may crash or hang."""
    from ebmbench.isolation.apart import Lost, apart

    if not registry.third_party:
        return examined(entry, registry)
    try:
        return apart(examined, entry, registry)
    except Lost as lost:
        said = {"check": "survives", "status": "failed", "sentence": str(lost)}
        return {**_about(entry), "checks": [{**said, "about": "A component ends no process"}]}


def failed(found: list[dict[str, Any]]) -> bool:
    """Whether a check failed that the component does not declare."""
    return any(row["status"] == "failed" for each in found for row in each["checks"])


def _row(check: Check) -> dict[str, str]:
    return {**check.outcome()._asdict(), "about": check.about}


def _brings(entry: Entry, name: str) -> bool:
    from packaging.utils import canonicalize_name

    return name == entry.plugin or canonicalize_name(name) == canonicalize_name(entry.distribution)


def _nothing(registry: Registry, name: str, known: list[Entry]) -> Iterator[str]:
    """Problem and remedy."""
    from packaging.utils import canonicalize_name

    broken = {canonicalize_name(plugin): why for plugin, why in registry.broken.items()}
    if canonicalize_name(name) in broken:
        yield f"the plugin '{name}' is broken: {broken[canonicalize_name(name)]}"
        yield "Mend what it says, and try again."
        return
    yield f"no installed component, plugin or distribution is called '{name}'"
    names = {entry.component.name for entry in known} | {entry.distribution for entry in known}
    yield did_you_mean(name, sorted(names)) + " A new one has to be installed: pip install -e ."
