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
    """The file's code, docstrings left out."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in (tree, *_statements(tree)):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [each for each in body if not _is_text(each)]  # type: ignore[attr-defined]
    return tree


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """All statements within, those for type checkers alone left out."""
    for name in ("body", "orelse", "handlers", "finalbody", "cases"):
        for child in _listed(node, name):
            if not _is_for_type_checkers(child):
                yield child
                yield from _statements(child)


def _listed(node: ast.AST, name: str) -> list[ast.AST]:
    found = getattr(node, name, ())
    return found if isinstance(found, list) else []  # a lambda's body is an expression


def _is_for_type_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


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
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


@cache
def _file_of(module: str) -> Path | None:
    """Where a module's code is; None where there is no such module."""
    package, *inner = module.split(".")
    spec = find_spec(package) if package else None
    if spec is None or spec.origin is None:
        return None
    if not inner:
        return Path(spec.origin)
    place = Path(spec.origin).parent.joinpath(*inner)
    candidates = [
        place.with_suffix(".py"),
        place / "__init__.py",
        *place.parent.glob(f"{place.name}.*.so"),
    ]
    return next((each for each in candidates if each.is_file()), None)


def _is_within(module: str, packages: Sequence[str]) -> bool:
    return any(module == each or module.startswith(f"{each}.") for each in packages)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
