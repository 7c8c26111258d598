"""YAML that remembers where everything stands, so that errors can say the place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode

from ebmbench.errors import ConfigError, Problem

Path_ = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """Safe YAML in which 1e-5 is a number, as in YAML 1.2 and everywhere else."""


class _Dumper(yaml.SafeDumper):
    """Writes what that reads: a text that looks like 1e-5 is quoted."""


for _each in (_Loader, _Dumper):
    _each.add_implicit_resolver(
        "tag:yaml.org,2002:float",
        re.compile(r"^[-+]?(?:\d+\.?\d*|\.\d+)[eE][-+]?\d+$"),
        list("-+.0123456789"),
    )


def read_text(file: Path) -> str:
    """What is in a file.

    Raises:
        ConfigError: no such file, or not UTF-8.
    """
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise _file_error(file, "no such file", "Check the path.") from None
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 text (byte {error.start})"
        raise _file_error(file, problem, "Save it as UTF-8.") from None
    except OSError as error:
        raise _file_error(file, f"cannot be read: {error.strerror}", "") from None


def read(file: Path) -> MappingNode:
    """The top mapping of a file, with places; errors as of ``read_text`` and ``parse``."""
    return parse(read_text(file), str(file))


def parse(text: str, name: str) -> MappingNode:
    """The top mapping of ``text``, with places; ``name`` stands for the file in errors.

    Raises:
        ConfigError: not YAML, not a mapping, empty, a key twice.
    """
    node = _composed(text, name)
    if not isinstance(node, MappingNode):
        what = (
            "the file is empty" if node is None else "the file is not a mapping of keys to values"
        )
        where = f"{name}:1:1" if node is None else place(node)
        raise ConfigError(Problem(where, "", what, "A suite starts with 'suite: <name>'."))
    try:
        problems = list(_key_problems(node, ()))
        if not problems:
            _flatten(node)
            plain(node)  # only now are tags looked at
    except RecursionError:
        problems = [Problem(place(node), "", "an alias refers to itself", "Write it out.")]
    except yaml.MarkedYAMLError as error:
        problems = [_syntax_problem(error, name)]
    if problems:
        raise ConfigError(problems)
    return node


def _composed(text: str, name: str) -> Node | None:
    """The tree of the text, None where there is nothing in it."""
    try:
        loader = _Loader(text)
        loader.name = name
        return loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        raise ConfigError(_syntax_problem(error, name)) from None
    except yaml.YAMLError as error:
        what = str(error).splitlines()[0]
        remedy = "Save it as plain text."
        raise ConfigError(Problem(name, "", f"not YAML: {what}", remedy)) from None


def written(content: Any, name: str) -> str:
    """Plain data as YAML; ``name`` stands for it in errors.

    Raises:
        ConfigError: it holds something else than mappings, lists, texts, numbers and null.
    """
    try:
        return yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True)
    except yaml.YAMLError as error:
        what = str(error.args[0] if error.args else error).splitlines()[0]
        remedy = "Use plain dictionaries, lists, texts and numbers."
        raise ConfigError(Problem(name, "", f"cannot be written as YAML: {what}", remedy)) from None


def plain(node: Node) -> Any:
    """The node as plain Python data."""
    return _Loader("").construct_document(node) if node is not None else None


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


def get(node: Node, *path: str) -> Node | None:
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


def nest(path: list[str], text: str, origin: str) -> MappingNode:
    """``a.b.c=text`` as a mapping in which the text is YAML; ``origin`` stands for its place."""
    mark = yaml.Mark(origin, 0, -1, 0, None, 0)
    try:
        loaded = _Loader(text).get_single_node()
    except yaml.YAMLError:
        raise ConfigError(Problem(origin, "", f"'{text}' is not YAML", "Quote it.")) from None
    node: Node = loaded or ScalarNode("tag:yaml.org,2002:null", "", mark, mark)
    _mark_all(node, mark)
    for step in reversed(path):
        key = ScalarNode("tag:yaml.org,2002:str", step, mark, mark)
        node = MappingNode("tag:yaml.org,2002:map", [(key, node)], mark, mark)
    assert isinstance(node, MappingNode)
    return node


def head_comment(text: str) -> str:
    """The comment at the top of a file's text."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("#").strip())
    return "\n".join(lines).strip()


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


def _flatten(node: Node) -> None:
    """Resolve ``<<: *anchor`` in place, so that later steps need not know of it."""
    if isinstance(node, MappingNode):
        _Loader("").flatten_mapping(node)
    for _, _, child in _children(node, ()):
        _flatten(child)


def _children(node: Node, path: Path_) -> Iterator[tuple[Node | None, Path_, Node]]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield key, (*path, str(key.value)), value
    elif isinstance(node, SequenceNode):
        for index, value in enumerate(node.value):
            yield None, (*path, index), value


def _key_problems(node: Node, path: Path_) -> Iterator[Problem]:
    """Keys that stand twice in a mapping, and keys that are no plain words."""
    seen: dict[Path_, Node] = {}
    for key, child_path, child in _children(node, path):
        if key is not None and not isinstance(key, ScalarNode):
            yield Problem(place(key), dotted(path), "a key is not a plain word", "Write a word.")
        elif key is not None and child_path in seen:
            where, first = place(key), place(seen[child_path])
            problem = f"the key stands twice, first at {first}"
            yield Problem(where, dotted(child_path), problem, "Remove one of them.")
        elif key is not None:
            seen[child_path] = key
        yield from _key_problems(child, child_path)


def dotted(path: Path_) -> str:
    """A path as people write it."""
    return ".".join(map(str, path))


def _mark_all(node: Node, mark: Any) -> None:
    node.start_mark = node.end_mark = mark
    for key, _, child in _children(node, ()):
        if key is not None:
            key.start_mark = key.end_mark = mark
        _mark_all(child, mark)


def _syntax_problem(error: yaml.MarkedYAMLError, name: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
    what = (error.problem or str(error)).strip()
    if "'\\t'" in what:
        return Problem(where, "", "a tab, which YAML does not allow here", "Indent with spaces.")
    if error.context:
        what = f"{error.context.strip()}: {what}"
    return Problem(where, "", f"not YAML: {what}", "Check quotes, colons and indentation here.")


def _file_error(file: Path, problem: str, remedy: str) -> ConfigError:
    return ConfigError(Problem(str(file), "", problem, remedy))
