"""Which modules' code a module runs, found from the imports in its source.

Nothing is imported for this. An import from a package whose names are loaded when they are asked
for (a package with a stub, ``__init__.pyi``) leads to the module that defines the name; imports for
type checkers alone lead nowhere. Code that loads modules by their names leads to all that it may
load (:mod:`ebmbench.plan.by_name`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from warnings import catch_warnings

from ebmbench.plan.by_name import loaded_by_name
from ebmbench.plan.modules import file_of
from ebmbench.plan.reach import Reach

BODIES = ("body", "orelse", "handlers", "finalbody", "cases")  # where statements hold others


def modules_from(modules: Iterable[str], within: Reach) -> dict[str, Path]:
    """The modules, dotted names, and all that they import, directly or not: name -> file."""
    found: dict[str, Path] = {}
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        file = None if name in found else file_of(name)
        if file is not None:
            found[name] = file
            waiting += _imported(name, file, within)
    return found


@cache
def essence(file: Path) -> bytes:
    """A digest of a file's code without comments, docstrings and layout.

    Of a file that is no code of this Python, or compiled elsewhere, a digest of all that is in it.
    """
    tree = _tree(file)
    try:
        return sha256(ast.dump(tree).encode() if tree else _content(file)).digest()
    except (RecursionError, ValueError):  # nested too deeply; texts that no encoding knows
        return sha256(_content(file)).digest()


@cache
def _tree(file: Path) -> ast.Module | None:
    """The file's code without docstrings, and without what is for type checkers alone."""
    tree = _parsed(file) if file.suffix == ".py" else None
    for node in (tree, *_statements(tree)) if tree else ():
        for name in BODIES:
            if body := _listed(node, name):
                setattr(node, name, [kept for each in body for kept in _run(each)])
    return tree


def _parsed(file: Path) -> ast.Module | None:
    """The file's code; None where it is none: a template, Python 2, another encoding."""
    try:
        with catch_warnings(action="ignore"):  # such as of a stray backslash: not ours to tell
            return ast.parse(_content(file))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # gone, or not to be read; then nor does Python read it
        return b""


def _run(node: ast.AST) -> list[ast.AST]:
    """What of a statement is run: all of it, but for texts, for people or for type checkers."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return []
    if _is_of_papers(node):
        return []
    if isinstance(node, ast.If) and _is_for_type_checkers(node.test):
        return [kept for each in node.orelse for kept in _run(each)]
    return [node]


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """All statements within."""
    for name in BODIES:
        for child in _listed(node, name):
            yield child
            yield from _statements(child)


def _is_of_papers(node: ast.AST) -> bool:
    """``cites = ("hinton2002",)``: texts for people, that change no number."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
    elif isinstance(node, ast.AnnAssign):
        target = node.target
    else:
        return False
    texts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
    return getattr(target, "id", None) == "cites" and all(
        isinstance(text, ast.Constant) and isinstance(text.value, str) for text in texts
    )


def _is_for_type_checkers(test: ast.expr) -> bool:
    """``TYPE_CHECKING`` or ``typing.TYPE_CHECKING``."""
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", None)
    return name == "TYPE_CHECKING"


def _listed(node: ast.AST, name: str) -> list[ast.AST]:
    found = getattr(node, name, ())
    return found if isinstance(found, list) else []  # a lambda's body is an expression


@cache
def _imported(module: str, file: Path, within: Reach) -> tuple[str, ...]:
    """The modules among ``within`` that a file imports itself, or may load by name."""
    tree = _tree(file)
    if tree is None:
        return ()
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    found = [
        target
        for source, name in _imports(tree, package)
        if within.may_hold(source)
        for target in (_whole(source) if name in (None, "*") else _named(source, name))
    ]
    found += loaded_by_name(tree, module)
    return tuple(dict.fromkeys(each for each in found if within.holds(each)))


def _imports(tree: ast.AST, package: str) -> Iterator[tuple[str, str | None]]:
    """(source, name) of everything that is imported; no name for a module as a whole."""
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            base = parts[: len(parts) - node.level + 1] if node.level else []
            source = ".".join([*base, *filter(None, [node.module])])
            yield from ((source, alias.name) for alias in node.names)


def _whole(name: str) -> Iterator[str]:
    """``import name``: the module, and where its names are loaded when asked for, all of them."""
    yield name
    yield from _stub(name).values()


def _named(source: str, name: str | None) -> Iterator[str]:
    """``from source import name``: a module of that name, or the one that defines it."""
    defined = _stub(source).get(str(name))
    if defined is not None:
        yield defined
        return
    if file_of(f"{source}.{name}") is not None:
        yield f"{source}.{name}"
        return
    yield source


@cache
def _stub(package: str) -> dict[str, str]:
    """Name -> the module that defines it, as a package's stub says; empty where it has none."""
    file = file_of(package)
    stub = file.with_suffix(".pyi") if file is not None else None
    if stub is None or file is None or file.name != "__init__.py" or not stub.is_file():
        return {}
    return {
        alias.asname or alias.name: f"{package}.{node.module or alias.name}"
        for node in ast.walk(_parsed(stub) or ast.Module([], []))
        if isinstance(node, ast.ImportFrom) and node.level == 1
        for alias in node.names
    }
