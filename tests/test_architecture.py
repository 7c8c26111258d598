"""The harness knows no concrete component; plugins know the harness's five doors only."""

import ast
import importlib
from functools import cache
from pathlib import Path

import pytest

from ebmbench.interfaces.installed.registry import FAMILIES, Registry
from ebmbench.interfaces.installed.which_plugins import ONLY
from support.command_line import ebmbench as run

ROOT = Path(__file__).parents[1]
DOORS = (
    "ebmbench",
    "ebmbench.numerics",
    "ebmbench.executors",
    "ebmbench.interfaces.library_chains",
    "ebmbench.interfaces.penalised_chains",
)
HARNESS = sorted((ROOT / "ebmbench").rglob("*.py"))
PLUGINS = sorted((ROOT / "plugins").rglob("*.py"))  # those of plugins/contrib too


def package_of(file):
    """The importable package that a plugin's file belongs to."""
    folders = file.relative_to(ROOT / "plugins").parts
    return next(name for name in folders if name.startswith("ebmbench_"))


@cache
def nodes_of(file):
    """All that a file's text consists of."""
    return list(ast.walk(ast.parse(file.read_text())))


@cache
def components():
    """The names of all that is installed."""
    registry = Registry.discover()
    return {name for family in FAMILIES for name in registry.names(family)}


def imports_of(file):
    """(module, names) of everything that a file imports."""
    for node in nodes_of(file):
        if isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", [alias.name for alias in node.names]


def strings_of(file):
    """String literals of a file that are no docstrings."""
    documentation = {
        id(node.value)
        for node in nodes_of(file)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in nodes_of(file):
        text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if text and id(node) not in documentation:
            yield node.value


@pytest.mark.parametrize("file", HARNESS, ids=lambda file: str(file.relative_to(ROOT)))
def test_the_harness_imports_no_plugin(file):
    plugins = {package_of(file) for file in PLUGINS}
    for module, _ in imports_of(file):
        assert module.split(".")[0] not in plugins


@pytest.mark.parametrize("file", HARNESS, ids=lambda file: str(file.relative_to(ROOT)))
def test_the_harness_names_no_component(file):
    # "torch", "numba" and "triton" are the libraries, "exact" and "samples" words of scipy's
    words = {"torch", "numba", "triton", "exact", "samples"}
    assert not (components() - words) & set(strings_of(file))


@pytest.mark.parametrize("file", PLUGINS, ids=lambda file: str(file.relative_to(ROOT)))
def test_plugins_import_only_what_ebmbench_exports(file):
    own = package_of(file)
    for module, names in imports_of(file):
        root = module.split(".")[0]
        assert not (root.startswith("ebmbench_") and root != own)
        if root == "ebmbench":
            assert module in DOORS
            assert set(names) <= set(importlib.import_module(module).__all__)


def test_a_plugins_front_file_holds_imports_and_hooks_only():
    for file in (ROOT / "plugins").rglob("__init__.py"):
        for node in ast.parse(file.read_text()).body:
            allowed = (ast.Expr, ast.Import, ast.ImportFrom, ast.FunctionDef)
            assert isinstance(node, allowed)
            if isinstance(node, ast.FunctionDef):
                assert [ast.unparse(mark) for mark in node.decorator_list] == ["hookimpl"]


def test_without_plugins_the_harness_starts_and_lists_nothing(monkeypatch):
    monkeypatch.setenv(ONLY, "")
    assert all(not Registry.discover().names(family) for family in FAMILIES)
    ended = run("list")
    assert ended.code == 0
    assert ended.out.count("none") == len(FAMILIES)


def test_every_component_says_its_formula_and_documents_its_options():
    registry = Registry.discover()
    for family in FAMILIES:
        for entry in registry.families[family].values():
            assert 20 <= len(entry.component.headline()) <= 100, entry
            for name, field in entry.component.Options.model_fields.items():
                assert field.description, f"{entry.component.name}.{name}"


def test_nothing_is_called_a_drawer():
    names = {file.stem for file in (*HARNESS, *PLUGINS)}
    assert not names & {"utils", "util", "helpers", "common", "misc"}


def test_records_are_read_by_attribute_outside_the_journal():
    stored = {"document", "r", "record", "records", "run", "runs"}
    rooms = ("api", "commands", "compare", "plan", "report", "running", "summary")
    files = [file for room in rooms for file in (ROOT / "ebmbench" / room).rglob("*.py")]
    for file in (*files, *(ROOT / "pytest_ebmbench").rglob("*.py")):
        for node in nodes_of(file):
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
                key, owner = node.slice.value, ast.unparse(node.value)
                word = owner.split("[")[0].split(".")[-1]  # of self.run, of records[0]
                found = isinstance(key, str) and word in stored
                assert not found, f"{file}:{node.lineno}: {ast.unparse(node)}"
