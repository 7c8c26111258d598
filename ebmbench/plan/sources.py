"""Which modules' code a module runs, found from the imports in its source.

Nothing is imported for this. An import from a package whose names are loaded when they are asked
for (a package with a stub, ``__init__.pyi``) leads to the module that defines the name; imports for
type checkers alone lead nowhere.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

BODIES = ("body", "orelse", "handlers", "finalbody", "cases")  # where statements hold others


def modules_from(module: str, within: Sequence[str]) -> dict[str, Path]:
    """The module and all that it imports, directly or not: name -> file.

    Args:
        module: a dotted name.
        within: packages; what is imported from elsewhere is left out.
    """
    found: dict[str, Path] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        file = None if name in found else _file_of(name)
        if file is not None:
            found[name] = file
            waiting += _imported(name, file, tuple(within))
    return found


@cache
def essence(file: Path) -> bytes:
    """A digest of a file's code without comments, docstrings and layout."""
    if file.suffix != ".py":  # compiled elsewhere
        return sha256(file.read_bytes()).digest()
    tree = _tree(file)
    return sha256(ast.dump(tree).encode()).digest()


@cache
def _tree(file: Path) -> ast.Module:
    """The file's code without docstrings, and without what is for type checkers alone."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in (tree, *_statements(tree)):
        for name in BODIES:
            if body := _listed(node, name):
                setattr(node, name, [kept for each in body for kept in _run(each)])
    return tree


def _run(node: ast.AST) -> list[ast.AST]:
    """What of a statement is run: all of it, but for texts and branches for type checkers."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
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


def _is_for_type_checkers(test: ast.expr) -> bool:
    """``TYPE_CHECKING`` or ``typing.TYPE_CHECKING``."""
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", None)
    return name == "TYPE_CHECKING"


def _listed(node: ast.AST, name: str) -> list[ast.AST]:
    found = getattr(node, name, ())
    return found if isinstance(found, list) else []  # a lambda's body is an expression


@cache
def _imported(module: str, file: Path, within: tuple[str, ...]) -> tuple[str, ...]:
    """The modules among ``within`` that a file imports itself."""
    if file.suffix != ".py":
        return ()
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    families = {each.split(".")[0] for each in within}
    found = (
        target
        for source, name in _imports(_tree(file), package)
        if source.split(".")[0] in families
        for target in (_whole(source) if name in (None, "*") else _named(source, name))
    )
    return tuple(dict.fromkeys(each for each in found if _is_within(each, within)))


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
    if _file_of(f"{source}.{name}") is not None:
        yield f"{source}.{name}"
        return
    yield source


@cache
def _stub(package: str) -> dict[str, str]:
    """Name -> the module that defines it, as a package's stub says; empty where it has none."""
    file = _file_of(package)
    stub = file.with_suffix(".pyi") if file is not None else None
    if stub is None or file is None or file.name != "__init__.py" or not stub.is_file():
        return {}
    return {
        alias.asname or alias.name: f"{package}.{node.module or alias.name}"
        for node in ast.walk(ast.parse(stub.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level == 1
        for alias in node.names
    }


@cache
def _file_of(module: str) -> Path | None:
    """Where a module's code is; None where there is no such file."""
    package, *inner = module.split(".")
    spec = find_spec(package) if package else None
    if spec is None:
        return None
    if not inner:
        return next(_files(Path(spec.origin)), None) if spec.origin else None
    homes = map(Path, spec.submodule_search_locations or ())  # several, of a namespace package
    return next((file for home in homes for file in _files(home.joinpath(*inner))), None)


def _files(place: Path) -> Iterator[Path]:
    """The files that a module at a place may have."""
    compiled = sorted(place.parent.glob(f"{place.name}.*.so"))
    candidates = (place, place.with_suffix(".py"), place / "__init__.py", *compiled)
    return (each for each in candidates if each.is_file())


def _is_within(module: str, packages: Sequence[str]) -> bool:
    return any(module == each or module.startswith(f"{each}.") for each in packages)
