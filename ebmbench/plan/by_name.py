"""What code may load by the name of a module or a file, which no import statement tells.

Such a name may be put together, or come from anywhere. So where code mentions what loads by name,
it may run all of its own package, and whatever its texts name.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ebmbench.plan.modules import file_of, modules_of

HARNESS = "ebmbench"  # loads by name what is chosen, which counts by itself
LOADERS = {
    *("import_module", "__import__", "resolve_name", "lazy_loader"),
    *("run_module", "run_path", "exec", "execfile", "eval"),
    *("spec_from_file_location", "spec_from_loader", "module_from_spec"),
    *("exec_module", "load_module", "load_source", "SourceFileLoader", "SourcelessFileLoader"),
    *("iter_modules", "walk_packages", "entry_points", "EntryPoint"),
}
METHODS = {"eval"}  # names that methods have too, such as a torch module's
NAME = re.compile(r"\.*([A-Za-z_]\w*(?:[./][A-Za-z_]\w*)*?)(?:\.py)?[./]*")


def loaded_by_name(tree: ast.AST, module: str) -> Iterator[str]:
    """The modules that a module's code may load by name; none where it mentions no loader."""
    package = module.split(".")[0]
    if package == HARNESS or not _loads_by_name(tree):
        return
    yield from modules_of(package)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _named_by(node.value)


def _loads_by_name(tree: ast.AST) -> bool:
    return any(name in LOADERS for node in ast.walk(tree) for name in _mentioned(node))


def _mentioned(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute) and node.attr not in METHODS:
        yield node.attr
    elif isinstance(node, ast.alias):
        yield from node.name.split(".")
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):  # getattr(importlib, ...)
        yield node.value


def _named_by(text: str) -> Iterator[str]:
    """A module, or all of a package, that a text such as ``mine.lazy`` or ``lazy.py`` names."""
    named = NAME.fullmatch(text)
    name = named[1].replace("/", ".") if named else HARNESS
    file = None if name.split(".")[0] == HARNESS else file_of(name)
    if file is not None:
        yield name
        within = modules_of(name.split(".")[0]) if file.name == "__init__.py" else ()
        yield from (each for each in within if each.startswith(f"{name}."))
