"""From a text to a YAML tree that is sound, and from plain data to a text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from yaml import MappingNode, Node, ScalarNode

from ebmbench.errors import ConfigError, Problem
from ebmbench.suite.yaml_places import Dumper, Loader, children, place, plain
from ebmbench.suite.yaml_soundness import flatten, key_problems, unbounded, value_problems

MOST_BYTES = 256 * 1024  # a hundred times the longest suite that we know; YAML is slow to read


def read_text(file: Path) -> str:
    """What is in a file.

    Raises:
        ConfigError: no such file, not UTF-8, or too long for a suite.
    """
    try:
        with file.open("rb") as content:
            found = content.read(MOST_BYTES + 1)
        if len(found) > MOST_BYTES:
            raise _too_long(str(file))
        return found.decode("utf-8").replace("\r\n", "\n")
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
        ConfigError: not YAML, no mapping, empty, too large, a key twice, a word without value.
    """
    if len(text) > MOST_BYTES:
        raise _too_long(name)
    node = _composed(text, name)
    if not isinstance(node, MappingNode):
        what = (
            "the file is empty" if node is None else "the file is not a mapping of keys to values"
        )
        where = f"{name}:1:1" if node is None else place(node)
        raise ConfigError(Problem(where, "", what, "A suite starts with 'suite: <name>'."))
    require_bounded(node, place(node))
    _require_sound(node, name)
    return node


def require_bounded(node: Node, where: str) -> None:
    """Check that a tree can be walked.

    Raises:
        ConfigError: it is too large, too deep or without end.
    """
    found = unbounded(node)
    if found:
        raise ConfigError(Problem(where, "", *found))


def nest(path: list[str], text: str, origin: str) -> MappingNode:
    """``a.b.c=text`` as a mapping in which the text is YAML; ``origin`` stands for its place."""
    mark = yaml.Mark(origin, 0, -1, 0, None, 0)
    try:
        loaded = _composed(text, origin) if len(text) <= MOST_BYTES else None
    except ConfigError:
        problem = f"'{text[:40]}' is not YAML"
        raise ConfigError(Problem(origin, "", problem, "Quote it.")) from None
    node: Node = loaded or ScalarNode("tag:yaml.org,2002:null", "", mark, mark)
    require_bounded(node, origin)
    _mark_all(node, mark)
    for step in reversed(path):
        key = ScalarNode("tag:yaml.org,2002:str", step, mark, mark)
        node = MappingNode("tag:yaml.org,2002:map", [(key, node)], mark, mark)
    assert isinstance(node, MappingNode)
    require_bounded(node, origin)
    _require_sound(node, origin)
    return node


def written(content: Any, name: str) -> str:
    """Plain data as YAML; ``name`` stands for it in errors.

    Raises:
        ConfigError: it holds something else than mappings, lists, texts, numbers and null.
    """
    try:
        return yaml.dump(content, Dumper=Dumper, sort_keys=False, allow_unicode=True)
    except yaml.YAMLError as error:
        what = str(error.args[0] if error.args else error).splitlines()[0]
    except RecursionError:
        what = "it is nested too deep"
    remedy = "Use plain dictionaries, lists, texts and numbers."
    raise ConfigError(Problem(name, "", f"cannot be written as YAML: {what}", remedy))


def head_comment(text: str) -> str:
    """The comment at the top of a file's text."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("#").strip())
    return "\n".join(lines).strip()


def _composed(text: str, name: str) -> Node | None:
    """The tree of the text, None where there is nothing in it."""
    try:
        loader = Loader(text)
        loader.name = name
        return loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        raise ConfigError(_syntax_problem(error, name)) from None
    except yaml.YAMLError as error:
        what, remedy = str(error).splitlines()[0], "Save it as plain text."
    except RecursionError:
        what, remedy = "it is nested too deep", "Write fewer brackets."
    except Exception as error:  # PyYAML lets through what Python says of a wrong escape
        what, remedy = str(error), "Check escapes in double quotes."
    raise ConfigError(Problem(name, "", f"not YAML: {what}", remedy))


def _require_sound(node: Node, name: str) -> None:
    """Check keys and values of a bounded tree, and write out its merges."""
    try:
        problems = list(key_problems(node, ()))
        if not problems:
            flatten(node)
            problems = value_problems(node)
        if not problems:
            plain(node)  # tags of lists and mappings
    except yaml.MarkedYAMLError as error:
        problems = [_syntax_problem(error, name)]
    if problems:
        raise ConfigError(problems)


def _mark_all(node: Node, mark: Any) -> None:
    node.start_mark = node.end_mark = mark
    for key, _, child in children(node, ()):
        if key is not None:
            key.start_mark = key.end_mark = mark
        _mark_all(child, mark)


def _syntax_problem(error: yaml.MarkedYAMLError, name: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    where = name
    if mark:
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark.line >= 0 else str(mark.name)
    what = (error.problem or str(error)).strip()
    if "'\\t'" in what:
        return Problem(where, "", "a tab, which YAML does not allow here", "Indent with spaces.")
    if error.context:
        what = f"{error.context.strip()}: {what}"
    return Problem(where, "", f"not YAML: {what}", "Check quotes, colons and indentation here.")


def _too_long(name: str) -> ConfigError:
    problem = f"longer than {MOST_BYTES // 1024} KB"
    return ConfigError(Problem(name, "", problem, "Give a suite, a short YAML file."))


def _file_error(file: Path, problem: str, remedy: str) -> ConfigError:
    return ConfigError(Problem(str(file), "", problem, remedy))
