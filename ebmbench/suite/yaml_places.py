"""YAML that remembers where everything stands, so that errors can say the place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml import MappingNode, Node, SequenceNode

Path_ = tuple[str | int, ...]


class Loader(yaml.SafeLoader):
    """Safe YAML in which 1e-5 is a number, as in YAML 1.2 and everywhere else."""


class Dumper(yaml.SafeDumper):
    """Writes what that reads: a text that looks like 1e-5 is quoted."""


for _each in (Loader, Dumper):
    _each.add_implicit_resolver(
        "tag:yaml.org,2002:float",
        re.compile(r"^[-+]?(?:\d+\.?\d*|\.\d+)[eE][-+]?\d+$"),
        list("-+.0123456789"),
    )


def plain(node: Node) -> Any:
    """The node as plain Python data."""
    return Loader("").construct_document(node) if node is not None else None


def place(node: Node) -> str:
    """``file:line:column`` of a node."""
    mark = node.start_mark
    if mark.line < 0:  # written on the command line
        return str(mark.name)
    return f"{mark.name}:{mark.line + 1}:{mark.column + 1}"


def place_of(node: Node, path: Path_, *, key: bool = False) -> str:
    """The place of what stands at ``path``, or of the nearest thing above it that exists.

    Args:
        node: where the path begins.
        path: keys and indices.
        key: whether the place of the last key is meant rather than that of its value.
    """
    for depth, step in enumerate(path):
        found = _step(node, step)
        if found is None:
            return place(node)
        last = depth == len(path) - 1
        key_node, value = found
        node = key_node if last and key and key_node is not None else value
    return place(node)


def get(node: Node, *path: str | int) -> Node | None:
    """The node at ``path``, or None."""
    for step in path:
        found = _step(node, step)
        if found is None:
            return None
        node = found[1]
    return node


def merge(base: Node, over: Node) -> Node:
    """``over`` laid over ``base``: mappings key by key, all else replaced.

    A mapping that chooses another component (another ``name``) replaces the base's whole: the
    options of one component mean nothing to another.
    """
    if not (isinstance(base, MappingNode) and isinstance(over, MappingNode)):
        return over
    if _chooses_another(base, over):
        return over
    merged = dict(_items(base))
    for name, (key, value) in _items(over).items():
        merged[name] = (key, merge(merged[name][1], value) if name in merged else value)
    return MappingNode(over.tag, list(merged.values()), over.start_mark, over.end_mark)


def without(node: MappingNode, *names: str) -> MappingNode:
    """The mapping less some keys."""
    kept = [(key, value) for key, value in node.value if key.value not in names]
    return MappingNode(node.tag, kept, node.start_mark, node.end_mark)


def _items(node: MappingNode) -> dict[str, tuple[Node, Node]]:
    return {key.value: (key, value) for key, value in node.value}


def _step(node: Node, step: str | int) -> tuple[Node | None, Node] | None:
    if isinstance(node, MappingNode):
        return _items(node).get(str(step))
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    return None


def _chooses_another(base: MappingNode, over: MappingNode) -> bool:
    mine, theirs = get(over, "name"), get(base, "name")
    return mine is not None and theirs is not None and mine.value != theirs.value


def children(node: Node, path: Path_) -> Iterator[tuple[Node | None, Path_, Node]]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield key, (*path, str(key.value)), value
    elif isinstance(node, SequenceNode):
        for index, value in enumerate(node.value):
            yield None, (*path, index), value


def dotted(path: Path_) -> str:
    """A path as people write it."""
    return ".".join(map(str, path))
