"""Prose is spelled one way; an option is written as code, whatever its letters."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from ebmbench.report import phrases
from ebmbench.training.stopwatch import PHASES

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [*(ROOT / "docs").glob("*.md"), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md"))]
)
MODULES = sorted(file for room in ("ebmbench", "plugins") for file in (ROOT / room).rglob("*.py"))
CODE = re.compile(r"```.*?```|``[^`]*``|`[^`]*`|^    .*?$|\S*[.:_]\S*", re.DOTALL | re.MULTILINE)
OTHER = re.compile(r"\boptimizers?\b", re.IGNORECASE)


def prose(text):
    return CODE.sub(" ", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_spell_optimiser_one_way(page):
    assert not OTHER.findall(prose(page.read_text(encoding="utf-8")))


def test_docstrings_spell_it_so_too():
    for file in MODULES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                said = prose(ast.get_docstring(node) or "")
                assert not OTHER.findall(said), f"{file.name}: {said}"


def test_phases_are_told_in_the_same_spelling():
    assert [*map(phrases.phase, PHASES)] == ["data", "negative", "optimiser"]
    assert OTHER.findall(prose("An optimizer steps.\n\n    optimizer: {name: sgd}"))
    assert not OTHER.findall(prose("The option `optimizer`, optimizer.lr and optimizer: sgd"))
