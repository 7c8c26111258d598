"""The components of a family: formula, source and options of each."""

from __future__ import annotations

from inspect import getdoc
from typing import Any

from ebmbench.interfaces.component import Component
from ebmbench.interfaces.installed.registry import FAMILIES, Entry, Registry
from ebmbench.interfaces.metric import Metric
from ebmbench.interfaces.options import option_rows
from reference_pages.markdown import code, escaped, prose, table

COLUMNS = ("option", "type", "default", "bounds", "about")


def family_page(family: str, registry: Registry) -> str:
    """A page: the interface in a line, then each component."""
    base = FAMILIES[family].interface
    lead = prose(getdoc(base) or "").split("\n\n")[0]
    entries = [registry.families[family][name] for name in registry.names(family)]
    index = "\n".join(
        f"- [{each.component.name}](#{each.component.name}): {escaped(each.component.headline())}"
        for each in entries
    )
    sections = "\n\n".join(_section(entry) for entry in entries)
    return f"# {family.capitalize()}\n\n{lead}\n\n{index}\n\n{sections}\n"


def _section(entry: Entry) -> str:
    return f"## {entry.component.name}\n\n{component_text(entry)}"


def component_text(entry: Entry) -> str:
    """What a component is, its options, and who brings it."""
    component = entry.component
    parts = [
        prose(getdoc(component) or ""),
        _judged(component) if issubclass(component, Metric) else "",
        options_table(component.Options),
        f"*Plugin {entry.plugin}, version {component.version} of the component.*",
    ]
    return "\n\n".join(part for part in parts if part)


def options_table(options: Any) -> str:
    """A row per option, nested ones by their dotted path."""
    rows = [
        (
            code(row["name"]),
            code(row["type"]),
            code(row["default"]),
            code(row["bounds"]),
            escaped(row["about"]),
        )
        for row in option_rows(options)
    ]
    return table(COLUMNS, rows) if rows else "No options."


def _judged(metric: type[Component]) -> str:
    """Unit, direction and range of a metric's values, and why one may be missing on purpose."""
    assert issubclass(metric, Metric)
    better = metric.better
    said = [
        f"Unit: {_by_part(metric.unit)}." if metric.unit else "",
        f"Better: {_by_part(better)}." if better else "It is shown, not judged.",
        f"Range: {_ranges(metric.range)}." if metric.range else "",
        f"Missing where {_by_part(metric.missing)}." if metric.missing else "",
    ]
    return " ".join(each for each in said if each)


def _ranges(ends: Any) -> str:
    if isinstance(ends, tuple):
        return _range(ends)
    return ", ".join(
        f"{escaped(part) or 'the value'} {_range(each)}" for part, each in ends.items()
    )


def _range(ends: tuple[float | None, float | None]) -> str:
    low, high = ends
    if low is None:
        return f"at most {high:g}"
    return f"at least {low:g}" if high is None else f"{low:g} to {high:g}"


def _by_part(said: Any) -> str:
    if isinstance(said, str):
        return escaped(said)
    return ", ".join(
        f"{escaped(part) or 'the value'} {escaped(each)}" for part, each in said.items()
    )
