"""Refuse sides whose datasets or metrics differ in version or options.

Methods may differ: that is what is compared. How they differ is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ebmbench.compare.side import Side
from ebmbench.errors import ConfigError, Problem

ABSENT = "not there"


def require_alike(base: Side, head: Side) -> None:
    """Check that what both sides call alike is alike, and that they share something.

    Raises:
        ConfigError: with everything that differs.
    """
    problems = [
        Problem(
            head.name, f"{family}.{name}.{path}", f"{theirs}, but {mine} in {base.name}", REMEDY
        )
        for family in ("datasets", "metrics")
        for name, path, mine, theirs in _differences(base, head, family)
    ]
    if problems:
        raise ConfigError(problems)
    if not base.ends.keys() & head.ends.keys():
        remedy = "Compare runs that share a dataset, a method and a seed."
        raise ConfigError(Problem(head.name, "", f"no cell in common with {base.name}", remedy))


def changed_methods(base: Side, head: Side) -> list[str]:
    """How methods of both sides differ: ``CD-2: sampler.options.k 2 -> 1``."""
    return [
        f"{name}: {path} {mine} -> {theirs}"
        for name, path, mine, theirs in _differences(base, head, "methods")
    ]


REMEDY = "Make the baseline again, or run both sides with one version."


def _differences(base: Side, head: Side, family: str) -> Iterator[tuple[str, str, Any, Any]]:
    """Name, path, base's and head's; of what both have."""
    mine, theirs = (side.head.components.model_dump()[family] for side in (base, head))
    for name in mine:
        if name in theirs:
            for path, one, other in _unequal(mine[name], theirs[name]):
                yield name, path, one, other


def _unequal(one: Any, other: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """The leaves at which two trees of plain data differ."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in dict.fromkeys([*one, *other]):
            inner = f"{path}.{key}" if path else key
            yield from _unequal(one.get(key, ABSENT), other.get(key, ABSENT), inner)
    elif one != other:
        yield path, one, other
