"""What the command line, or Python, changes of a suite, laid over its YAML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yaml import MappingNode, Node, SequenceNode

from ebmbench.errors import ConfigError, Problem
from ebmbench.suite import yaml_places
from ebmbench.suite.variants import SECTIONS
from ebmbench.suite.yaml_places import merge, place
from ebmbench.suite.yaml_text import nest


@dataclass(frozen=True)
class Overrides:
    """What the command line, or a call from Python, changes of a suite."""

    settings: tuple[str, ...] = ()  # path=value
    seeds: str | None = None
    epochs: int | None = None
    only: tuple[str, ...] = ()
    quick: bool = False
    keep: str | None = None
    changes: tuple[tuple[str, str], ...] = ()  # dotted path, and YAML


def overridden(node: MappingNode, overrides: Overrides) -> MappingNode:
    """The file's tree with ``quick`` and the overrides laid over it."""
    layers: list[Node] = []
    quick = yaml_places.get(node, "quick")
    if overrides.quick:
        if not isinstance(quick, MappingNode):
            problem = "the suite has no smaller version"
            remedy = "Add a 'quick:' section with what --quick changes."
            raise ConfigError(Problem(place(node), "quick", problem, remedy))
        layers.append(quick)
    layers += [_setting(text) for text in overrides.settings]
    layers += [nest(path.split("."), text, f"set {path}") for path, text in overrides.changes]
    if overrides.epochs is not None:
        layers.append(nest(["train", "epochs"], str(overrides.epochs), "--epochs"))
    if overrides.keep is not None:
        layers.append(nest(["keep"], overrides.keep, "--keep"))
    if overrides.seeds is not None:
        layers.append(nest(["seeds"], overrides.seeds, "--seeds"))
    merged: Node = node
    for layer in layers:
        _require_effect(merged, layer)
        merged = merge(merged, layer)
    assert isinstance(merged, MappingNode)
    return merged


def _require_effect(node: Node, layer: Node) -> None:
    """Check that what is set is no option of which a sweep sets another value in each variant.

    Raises:
        ConfigError: it is.
    """
    for path, value in _settings(layer, ()):
        section, name, *option = path if len(path) > 2 else ("", "")
        sweep = yaml_places.get(node, section, name, "sweep") if section in SECTIONS else None
        for key, values in sweep.value if isinstance(sweep, MappingNode) else ():
            if key.value.split(".") == option and isinstance(values, SequenceNode):
                problem = f"{key.value} is swept: each variant has a value of its own"
                remedy = f"Set the sweep: {section}.{name}.sweep={{{key.value}: [...]}}."
                raise ConfigError(Problem(place(value), yaml_places.dotted(path), problem, remedy))


def _settings(node: Node, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Node]]:
    """What a layer sets on all its levels, and where."""
    if path:
        yield path, node
    for key, value in node.value if isinstance(node, MappingNode) else ():
        yield from _settings(value, (*path, key.value))


def _setting(text: str) -> MappingNode:
    path, equals, value = text.partition("=")
    if not equals or not all(path.split(".")):
        remedy = "Write path=value, such as methods.CD-10.sampler.k=1."
        raise ConfigError(Problem(f"--set {text}", "", "not a setting", remedy))
    return nest(path.split("."), value, f"--set {text}")
