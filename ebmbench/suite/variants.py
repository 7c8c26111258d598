"""Methods and datasets made from others: ``extends`` and ``sweep``, resolved before validation."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any, NamedTuple

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from ebmbench.errors import ConfigError, Problem, did_you_mean
from ebmbench.suite.yaml_places import get, merge, place, plain, without
from ebmbench.suite.yaml_soundness import INVISIBLE

MOST_VARIANTS = 1000  # of one entry
MOST_BASES = 50  # that one entry extends, one by way of another

SECTIONS = {"datasets": "dataset", "methods": "method"}
"""What is made from others -> what one of them is called."""


class Variant(NamedTuple):
    """Where an entry of a suite comes from.

    Attributes:
        origin: what the file calls it, ``CD`` for ``CD[k=1]``.
        swept: option -> value, ``{"sampler.k": 1}``; empty for what is not swept.
    """

    origin: str
    swept: dict[str, Any]


Variants = dict[str, dict[str, Variant]]
"""Section -> name -> where it comes from."""


def resolve_variants(suite: MappingNode) -> tuple[MappingNode, Variants]:
    """The suite with datasets and methods that stand for themselves, and where they come from.

    ``extends: OTHER`` lays an entry over another, whose sweep it does not take over.
    ``sweep: {sampler.k: [1, 10]}`` makes a variant for each combination, named like ``CD[k=1]``.

    Raises:
        ConfigError: an entry extends or sweeps what cannot be, or two have the same name.
    """
    variants: Variants = {}
    pairs = []
    for key, value in suite.value:
        if key.value in SECTIONS and isinstance(value, MappingNode):
            value, variants[key.value] = _Section(key.value, value).resolved()
        pairs.append((key, value))
    return MappingNode(suite.tag, pairs, suite.start_mark, suite.end_mark), variants


def dropped_sweeps(suite: MappingNode) -> Iterator[Problem]:
    """Where an entry extends a swept one, and takes over neither its sweep nor its values."""
    for section in SECTIONS:
        entries = get(suite, section)
        for key, node in entries.value if isinstance(entries, MappingNode) else ():
            parent = get(node, "extends")
            sweep = get(entries, str(parent.value), "sweep") if entries and parent else None
            if parent is None or not isinstance(sweep, MappingNode) or get(node, "sweep"):
                continue
            open_ = [o.value for o, _ in sweep.value if get(node, *o.value.split(".")) is None]
            if open_:
                path = f"{section}.{key.value}.extends"
                problem = f"'{parent.value}' is swept, and its sweep is not taken over"
                remedy = f"Give {', '.join(open_)}, or sweep: here too."
                yield Problem(place(parent), path, problem, remedy)


class _Section:
    """The entries of a section, some of them made from others."""

    def __init__(self, name: str, node: MappingNode) -> None:
        self.name = name
        self.node = node
        self.table: dict[str, tuple[Node, Node]] = {
            key.value: (key, value) for key, value in node.value
        }

    def resolved(self) -> tuple[MappingNode, dict[str, Variant]]:
        """The section, each entry standing for itself, and where each comes from."""
        pairs: list[tuple[Node, Node]] = []
        variants: dict[str, Variant] = {}
        for origin, (key, _) in self.table.items():
            for name, swept, node in self._swept(origin, self._extended(origin, ())):
                if name in variants:
                    raise self._taken(name, key, variants[name].origin)
                pairs.append((word(name, key), node))
                variants[name] = Variant(origin, swept)
        node = self.node
        return MappingNode(node.tag, pairs, node.start_mark, node.end_mark), variants

    def _taken(self, name: str, key: Node, other: str) -> ConfigError:
        """Two entries of one name, of which the second would replace the first."""
        first = place(self.table[other][0])
        problem = f"the {SECTIONS[self.name]} stands twice, first at {first}"
        remedy = "Sweep each value once, and give what is written out another name."
        return ConfigError(Problem(place(key), f"{self.name}.{name}", problem, remedy))

    def _extended(self, name: str, seen: tuple[str, ...]) -> Node:
        """The entry laid over what it extends."""
        node = self.table[name][1]
        parent = get(node, "extends")
        if parent is None or not isinstance(node, MappingNode):
            return node
        inherited = self._extended(self._base(name, parent, seen), (*seen, name))
        if not isinstance(inherited, MappingNode):
            problem, remedy = f"'{parent.value}' has no options", "Give it some, or leave this out."
            raise ConfigError(Problem(place(parent), self._path(name, "extends"), problem, remedy))
        return merge(without(inherited, "sweep"), without(node, "extends"))

    def _base(self, name: str, parent: Node, seen: tuple[str, ...]) -> str:
        """The name of the entry that ``name`` extends."""
        base, remedy, problem = str(parent.value), "", ""
        if not isinstance(parent, ScalarNode):
            problem = f"not the name of a {SECTIONS[self.name]}"
            remedy = "Write one name: extends: OTHER."
        elif base in (*seen, name):
            problem = f"{self.name} extend in a circle: {' -> '.join((*seen, name, base))}"
        elif base not in self.table:
            problem = f"no such {SECTIONS[self.name]}: '{base}'"
            others = [other for other in self.table if other != name]
            remedy = did_you_mean(base, others) if others else self._nothing_to_extend(name)
        elif len(seen) >= MOST_BASES:
            problem = f"extends by way of more than {MOST_BASES} others"
            remedy = "Extend the first of them."
        if problem:
            raise ConfigError(Problem(place(parent), self._path(name, "extends"), problem, remedy))
        return base

    def _nothing_to_extend(self, name: str) -> str:
        return f"'{name}' is the only {SECTIONS[self.name]}: leave extends: out, or add the other."

    def _swept(self, name: str, node: Node) -> list[tuple[str, dict[str, Any], Node]]:
        """The variants of an entry, each with its name and settings; or the entry itself."""
        sweep = get(node, "sweep")
        if sweep is None or not isinstance(node, MappingNode):
            return [(name, {}, node)]
        self._check_sweep(name, sweep)
        base = without(node, "sweep")
        options = [key.value for key, _ in sweep.value]
        return [
            _variant(name, base, dict(zip(options, values, strict=True)))
            for values in product(*(values.value for _, values in sweep.value))
        ]

    def _check_sweep(self, name: str, sweep: Node) -> None:
        """A sweep maps options to lists of values, and makes no more variants than can be run."""
        remedy = "Write for instance {sampler.k: [1, 10]}."
        if not (isinstance(sweep, MappingNode) and sweep.value and _are_lists(sweep)):
            problem = "not a mapping of options to lists"
            raise ConfigError(Problem(place(sweep), self._path(name, "sweep"), problem, remedy))
        count = prod(len(values.value) for _, values in sweep.value)
        if count > MOST_VARIANTS:
            problem, remedy = f"makes {count:,} variants", f"Sweep at most {MOST_VARIANTS:,}."
            raise ConfigError(Problem(place(sweep), self._path(name, "sweep"), problem, remedy))

    def _path(self, name: str, key: str) -> str:
        return f"{self.name}.{name}.{key}"


def labels(options: list[str]) -> list[str]:
    """The options' last words, or the whole paths where last words clash."""
    last = [option.rsplit(".", 1)[-1] for option in options]
    return last if len(set(last)) == len(last) else options


def variant_name(origin: str, swept: dict[str, Any]) -> str:
    """``CD[k=1,lr=0.1]``; the origin itself where nothing is swept."""
    pairs = zip(labels(list(swept)), swept.values(), strict=True)
    settings = ",".join(f"{label}={_in_a_name(value)}" for label, value in pairs)
    return f"{origin}[{settings}]" if settings else origin


def _in_a_name(value: Any) -> str:
    """The value as a name may hold it: what cannot be seen is escaped."""
    return INVISIBLE.sub(lambda found: ascii(found[0])[1:-1], str(value))


def _variant(
    origin: str, base: MappingNode, values: dict[str, Node]
) -> tuple[str, dict[str, Any], Node]:
    variant: Node = base
    for option, value in values.items():
        variant = merge(variant, nested(option.split("."), value))
    swept = {option: plain(value) for option, value in values.items()}
    return variant_name(origin, swept), swept, variant


def _are_lists(sweep: MappingNode) -> bool:
    return all(isinstance(values, SequenceNode) and values.value for _, values in sweep.value)


def nested(path: list[str], value: Node) -> Node:
    """A tree in which a value stands at a path, its place the value's."""
    for step in reversed(path):
        pair = [(word(step, value), value)]
        tag = "tag:yaml.org,2002:map"
        value = MappingNode(tag, pair, value.start_mark, value.end_mark)
    return value


def word(text: str, like: Node) -> ScalarNode:
    """A text as a node, its place another's."""
    return ScalarNode("tag:yaml.org,2002:str", text, like.start_mark, like.end_mark)
