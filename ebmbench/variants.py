"""Methods made from other methods: ``extends`` and ``sweep``, resolved before validation."""

from __future__ import annotations

from itertools import product

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from ebmbench.errors import ConfigError, Problem, did_you_mean
from ebmbench.yaml_places import get, merge, place, plain, without


def resolve_methods(suite: MappingNode) -> tuple[MappingNode, dict[str, str]]:
    """The suite with ``methods`` that stand for themselves, and each method's first name.

    ``extends: OTHER`` lays a method over another, whose sweep it does not take over.
    ``sweep: {sampler.k: [1, 10]}`` makes a variant for each combination, named like ``CD[k=1]``;
    the second result maps ``CD[k=1]`` to ``CD``.
    """
    methods = get(suite, "methods")
    if not isinstance(methods, MappingNode):
        return suite, {}
    table = {key.value: (key, value) for key, value in methods.value}
    resolved: list[tuple[Node, Node]] = []
    origins: dict[str, str] = {}
    for name, (key, _) in table.items():
        whole = _extended(name, table, ())
        for variant, node in _swept(name, whole):
            resolved.append((_word(variant, key), node))
            origins[variant] = name
    own = MappingNode(methods.tag, resolved, methods.start_mark, methods.end_mark)
    pairs = [(key, own if key.value == "methods" else value) for key, value in suite.value]
    return MappingNode(suite.tag, pairs, suite.start_mark, suite.end_mark), origins


def _extended(name: str, table: dict[str, tuple[Node, Node]], seen: tuple[str, ...]) -> Node:
    """The method laid over what it extends."""
    node = table[name][1]
    parent = get(node, "extends")
    if parent is None or not isinstance(node, MappingNode):
        return node
    path = f"methods.{name}.extends"
    base = parent.value
    if base in (*seen, name):
        circle = " -> ".join((*seen, name, base))
        raise ConfigError(Problem(place(parent), path, f"methods extend in a circle: {circle}"))
    if base not in table:
        remedy = did_you_mean(base, [other for other in table if other != name])
        raise ConfigError(Problem(place(parent), path, f"no such method: '{base}'", remedy))
    inherited = _extended(base, table, (*seen, name))
    assert isinstance(inherited, MappingNode)
    return merge(without(inherited, "sweep"), without(node, "extends"))


def _swept(name: str, node: Node) -> list[tuple[str, Node]]:
    """The variants of a method, or the method itself."""
    sweep = get(node, "sweep")
    if sweep is None or not isinstance(node, MappingNode):
        return [(name, node)]
    path = f"methods.{name}.sweep"
    lists = isinstance(sweep, MappingNode) and all(
        isinstance(values, SequenceNode) and values.value for _, values in sweep.value
    )
    if not isinstance(sweep, MappingNode) or not lists or not sweep.value:
        remedy = "Write for instance {sampler.k: [1, 10]}."
        raise ConfigError(Problem(place(sweep), path, "not a mapping of options to lists", remedy))
    base = without(node, "sweep")
    options = [key.value for key, _ in sweep.value]
    labels = _labels(options)
    variants = []
    for values in product(*(values.value for _, values in sweep.value)):
        variant: Node = base
        for option, value in zip(options, values, strict=True):
            variant = merge(variant, _nested(option.split("."), value))
        settings = ",".join(
            f"{label}={plain(value)}" for label, value in zip(labels, values, strict=True)
        )
        variants.append((f"{name}[{settings}]", variant))
    return variants


def _labels(options: list[str]) -> list[str]:
    """The options' last words, or the whole paths where last words clash."""
    last = [option.rsplit(".", 1)[-1] for option in options]
    return last if len(set(last)) == len(last) else options


def _nested(path: list[str], value: Node) -> Node:
    for step in reversed(path):
        pair = [(_word(step, value), value)]
        tag = "tag:yaml.org,2002:map"
        value = MappingNode(tag, pair, value.start_mark, value.end_mark)
    return value


def _word(text: str, like: Node) -> ScalarNode:
    return ScalarNode("tag:yaml.org,2002:str", text, like.start_mark, like.end_mark)
