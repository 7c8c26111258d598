"""What is laid over a suite changes something in it, or the mistake is told."""

from __future__ import annotations

from collections.abc import Iterator

from yaml import MappingNode, Node, SequenceNode

from ebmbench.errors import ConfigError, Problem, did_you_mean
from ebmbench.suite.variants import SECTIONS
from ebmbench.suite.yaml_places import dotted, get, merge, place, place_of, plain

Steps = tuple[str, ...]
What = tuple[str, str]
"""A problem and its remedy."""


def laid_over(node: MappingNode, layer: MappingNode, *above: str) -> MappingNode:
    """The tree with a layer over it; ``above`` is where the layer itself stands.

    Raises:
        ConfigError: something in the layer changes nothing.
    """
    problems = [
        Problem(place(value), dotted((*above, *path)), *what)
        for path, value in _settings(layer, ())
        for what in (
            *_of_the_smaller_version(path),
            *_nothing(node, path, value),
            *_of_nobody(node, path, value),
            *_swept(node, path),
        )
    ]
    if problems:
        raise ConfigError(problems)
    merged = merge(node, layer)
    assert isinstance(merged, MappingNode)
    return merged


def replaced(layer: MappingNode, merged: Node) -> Iterator[Problem]:
    """What a layer sets and another, laid over it later, sets otherwise."""
    for path, value in _settings(layer, ()):
        now = get(merged, *path)
        if isinstance(value, MappingNode) or now is value:
            continue
        if now is None or repr(plain(now)) != repr(plain(value)):
            problem = f"has no effect beside {place_of(merged, path)}"
            yield Problem(place(value), dotted(path), problem, "Leave one of them out.")


def _settings(node: Node, path: Steps) -> Iterator[tuple[Steps, Node]]:
    """What a layer sets on all its levels, and where."""
    if path:
        yield path, node
    for key, value in node.value if isinstance(node, MappingNode) else ():
        yield from _settings(value, (*path, key.value))


def _of_the_smaller_version(path: Steps) -> Iterator[What]:
    """``quick`` is laid over the suite before anything else is."""
    if path == ("quick",):
        yield "has no effect", "Set what it changes, as train.epochs."


def _nothing(node: Node, path: Steps, value: Node) -> Iterator[What]:
    """A mapping is laid over another key by key: none of them, none changed."""
    is_empty = isinstance(value, MappingNode) and not value.value
    if path != ("quick",) and is_empty and isinstance(get(node, *path), MappingNode):
        yield "an empty mapping changes nothing", "Set what is to change in it."


def _of_nobody(node: Node, path: Steps, value: Node) -> Iterator[What]:
    """An entry that the suite does not have, and that does not stand for itself either."""
    section, *names = path
    entries = get(node, section)
    if section not in SECTIONS or len(names) != 1 or not isinstance(entries, MappingNode):
        return
    known = [key.value for key, _ in entries.value]
    chosen = ("name",) if section == "datasets" else ("model", "name")
    if names[0] not in known and not (get(value, "extends") or get(value, *chosen)):
        yield f"no such {SECTIONS[section]}: '{names[0]}'", did_you_mean(names[0], known)


def _swept(node: Node, path: Steps) -> Iterator[What]:
    """An option of which a sweep sets another value in each variant."""
    section, name, *option = path if len(path) > 2 else ("", "")
    sweep = get(node, section, name, "sweep") if section in SECTIONS else None
    for key, values in sweep.value if isinstance(sweep, MappingNode) else ():
        if key.value.split(".") == option and isinstance(values, SequenceNode):
            problem = f"{key.value} is swept: each variant has a value of its own"
            yield problem, f"Set the sweep: {section}.{name}.sweep={{{key.value}: [...]}}."
