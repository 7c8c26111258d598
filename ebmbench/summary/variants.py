"""What sweeps made, and which axes they run along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ebmbench.journal.documents import RunDocument, Section
from ebmbench.suite.variants import Variant, variant_name

FEWEST_POINTS = 3  # of a line that is worth an axis
MOST_ROWS = 12  # of a table, and lines in a figure, that a reader can still tell apart


@dataclass(frozen=True)
class Axis:
    """A swept option, or several that mean the same.

    Attributes:
        name: as the suite calls it, else the option itself.
        marks: label -> a point to be marked.
    """

    name: str
    marks: Mapping[str, float]


def names_of(run: RunDocument, section: Section) -> tuple[str, ...]:
    """The run's datasets or methods."""
    return run.datasets if section == "datasets" else run.methods


def variant_of(run: RunDocument, section: Section, name: str) -> Variant:
    """Where a dataset or a method comes from."""
    return run.variants.get(section, {}).get(name, Variant(name, {}))


def axis_of(run: RunDocument, option: str) -> Axis:
    """The axis that an option lies on."""
    axes, marks = run.report.axes, run.report.marks
    name = next((axis for axis, options in axes.items() if option in options), option)
    named = [marks.get(each, {}) for each in (name, *axes.get(name, ()))]
    return Axis(name, {label: x for of_name in named for label, x in of_name.items()})


def coordinates(run: RunDocument, section: Section, name: str) -> dict[str, Any]:
    """Axis -> where a dataset or a method stands on it."""
    swept = variant_of(run, section, name).swept
    return {axis_of(run, option).name: value for option, value in swept.items()}


def axes_of(run: RunDocument, section: Section) -> list[Axis]:
    """The axes of numbers along which something has at least three values."""
    swept = (variant_of(run, section, name).swept for name in names_of(run, section))
    axes = {axis_of(run, option).name: axis_of(run, option) for each in swept for option in each}
    return [axis for axis in axes.values() if _is_long(lines_along(run, section, axis))]


def lines_along(run: RunDocument, section: Section, axis: Axis) -> dict[str, dict[float, str]]:
    """Line -> x -> the dataset or method there; a line is what differs on this axis only."""
    lines: dict[str, dict[float, str]] = {}
    for name in names_of(run, section):
        origin, swept = variant_of(run, section, name)
        here = [option for option in swept if axis_of(run, option).name == axis.name]
        if len(here) == 1 and _is_number(swept[here[0]]):
            rest = {option: value for option, value in swept.items() if option not in here}
            lines.setdefault(variant_name(origin, rest), {})[float(swept[here[0]])] = name
    return {line: dict(sorted(points.items())) for line, points in lines.items()}


def listed_methods(run: RunDocument, methods: Sequence[str]) -> list[str]:
    """Those that tables list: all, or where they are many, the unswept."""
    if len(methods) <= MOST_ROWS:
        return list(methods)
    lines = [lines_along(run, "methods", axis).values() for axis in axes_of(run, "methods")]
    swept = {method for of_axis in lines for points in of_axis for method in points.values()}
    return [method for method in methods if method not in swept]


def _is_long(lines: Mapping[str, Mapping[float, str]]) -> bool:
    return any(len(points) >= FEWEST_POINTS for points in lines.values())


def _is_number(x: Any) -> bool:
    return isinstance(x, int | float) and not isinstance(x, bool)
