"""What a YAML tree must be before anything else looks at it: bounded, plain keys, real values.

Aliases let a short text stand for a tree of any size, or for one without end. What is bounded here
is walked and copied freely afterwards.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import yaml
from yaml import Node, ScalarNode

from ebmbench.errors import Problem
from ebmbench.suite.yaml_places import Loader, Path_, children, dotted, place

MOST_VALUES = 100_000  # of a tree whose aliases are written out
DEEPEST = 50  # mappings and lists within one another
BITS = 64  # of a whole number
# Control characters, and those that turn the direction of writing or break lines.
INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
BLANK = {*"\u115f\u1160\u2800\u3164\uffa0"}  # letters and signs by category that show nothing
NO_MARK = {"Cc", "Cf", "Zl", "Zp", "Zs"}  # categories of characters that show nothing
TEXT = "tag:yaml.org,2002:str"
NUMBERS = {"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"}
# What YAML 1.1 reads as another number than anybody else: 1:30 in base 60, 010 in base 8.
OTHER_BASE = re.compile(r"[-+]?0[0-9_]+|.*:.*")


def unbounded(root: Node) -> tuple[str, str] | None:
    """Problem and remedy where the tree is too large, too deep or without end."""
    try:
        values, depth = _measured(root, {})
    except _EndlessError:
        return "an alias refers to itself", "Write it out."
    if values > MOST_VALUES:
        problem = f"{values:,} values, aliases and sweeps written out"
        return problem, f"A suite has at most {MOST_VALUES:,}."
    if depth > DEEPEST:
        return f"nested {depth} deep", f"A suite is at most {DEEPEST} deep."
    return None


def key_problems(node: Node, path: Path_) -> Iterator[Problem]:
    """Keys that stand twice in a mapping, and keys that are no plain words."""
    seen: dict[Path_, Node] = {}
    for key, child_path, child in children(node, path):
        if key is not None and not isinstance(key, ScalarNode):
            yield Problem(place(key), dotted(path), "a key is not a plain word", "Write a word.")
        elif key is not None and (hidden := INVISIBLE.search(key.value)):
            problem = f"{key.value!a}: a name with a control character, {hidden[0]!a}"
            yield Problem(place(key), ascii(dotted(child_path))[1:-1], problem, "Leave it out.")
        elif key is not None and not any(map(_is_seen, key.value)):
            problem = f"{key.value!a}: a name in which nothing can be seen"
            yield Problem(place(key), dotted(path), problem, "Write a word.")
        elif key is not None and child_path in seen:
            where, first = place(key), place(seen[child_path])
            problem = f"the key stands twice, first at {first}"
            yield Problem(where, dotted(child_path), problem, "Remove one of them.")
        elif key is not None:
            seen[child_path] = key
        yield from key_problems(child, child_path)


def flatten(node: Node) -> None:
    """Resolve ``<<: *anchor`` in place, so that later steps need not know of it."""
    if isinstance(node, yaml.MappingNode):
        Loader("").flatten_mapping(node)
    for _, _, child in children(node, ()):
        flatten(child)


def value_problems(root: Node) -> list[Problem]:
    """Words that are not what they seem; keys become texts, and halves of a character are joined.

    A key is a name, whatever else the word may mean: ``on``, ``1.0``, ``2020-01-01``.
    """
    loader = Loader("")
    found = [_value_problem(scalar, path, loader) for scalar, path in _scalars(root)]
    return [each for each in found if each is not None]


class _EndlessError(Exception):
    """A tree that contains itself."""


def _measured(node: Node, known: dict[int, tuple[int, int] | None]) -> tuple[int, int]:
    """Values and depth of a tree written out; each node is looked at once."""
    if id(node) in known:
        measured = known[id(node)]
        if measured is None:
            raise _EndlessError
        return measured
    known[id(node)] = None  # until all within it is measured
    inner = [_measured(child, known) for _, _, child in children(node, ())]
    measured = 1 + sum(size for size, _ in inner), 1 + max((depth for _, depth in inner), default=0)
    known[id(node)] = measured
    return measured


def _scalars(root: Node) -> Iterator[tuple[ScalarNode, Path_]]:
    """All words, each once; keys are texts from now on."""
    seen: set[int] = set()

    def within(node: Node, path: Path_) -> Iterator[tuple[ScalarNode, Path_]]:
        if id(node) in seen:
            return
        seen.add(id(node))
        if isinstance(node, ScalarNode):
            yield node, path
        for key, child_path, child in children(node, path):
            if key is not None:
                key.tag = TEXT
                yield from within(key, child_path)
            yield from within(child, child_path)

    return within(root, ())


def _value_problem(scalar: ScalarNode, path: Path_, loader: Loader) -> Problem | None:
    """What is wrong with a word, which is made whole where it is a text."""
    try:
        scalar.value = _whole(scalar.value)
        value = loader.construct_object(scalar)
    except UnicodeError:
        problem, remedy = f"{scalar.value!a}: half of a character", "Write the character."
    except yaml.MarkedYAMLError as error:
        problem, remedy = f"not YAML: {error.problem}", "Leave the tag out, or quote it."
    except Exception:  # PyYAML lets through what Python says of 0x, of February 30, ...
        kind = scalar.tag.rsplit(":", 1)[-1]
        problem, remedy = f"{scalar.value[:40]!r} is no {kind}", "Quote it if it is a text."
    else:
        found = _number_problem(scalar, value)
        if found is None:
            return None
        problem, remedy = found
    return Problem(place(scalar), dotted(path), problem, remedy)


def _whole(text: str) -> str:
    """The text, two halves of a character, as JSON escapes them, joined.

    Raises:
        UnicodeError: half of a character stands alone.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16")


def _number_problem(scalar: ScalarNode, value: Any) -> tuple[str, str] | None:
    """Problem and remedy where a number is too long, or other than it looks."""
    if isinstance(value, int) and abs(value).bit_length() > BITS:
        about = f"1e{len(str(abs(value))) - 1}"
        problem = f"a whole number of more than {BITS} bits"
        return problem, f"Write a smaller one; where it need not be whole, {about} will do."
    if scalar.tag in NUMBERS and OTHER_BASE.fullmatch(scalar.value):
        problem = f"YAML reads {scalar.value} as {value}"
        return problem, f"Write {value}, or '{scalar.value}' in quotes if it is a text."
    return None


def _is_seen(character: str) -> bool:
    return character not in BLANK and unicodedata.category(character) not in NO_MARK
