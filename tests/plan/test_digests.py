"""What makes a cell stale: a change in what its numbers pass through, and in nothing else."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from ebmbench.plan import digests, sources
from support.suites import SMALL, plan

ROOT = Path(__file__).parents[2]
SUITE = SMALL.replace(
    "train:", "  PCD: {extends: CD-2, sampler: {name: pcd, chains: 5}}\ntrain:", 1
)  # RAPID, CD-2 and PCD
BARE = """\
suite: bare
seeds: 1
datasets: {bars3: {name: bars, size: 3}}
methods: {Plain: {model: {name: rbm, hidden: 7}}}
train: {epochs: 0}
metrics: [{name: nll}]
"""
ALL = {"RAPID", "CD-2", "PCD", "Plain"}
TRAINED = ALL - {"Plain"}


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of all sources, which digests are taken of."""
    folder = tmp_path_factory.mktemp("tree")
    for name in ("ebmbench", "plugins"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.nb?"))

    def copied(package):
        home = folder / ("" if package == "ebmbench" else "plugins") / package
        front = home / "__init__.py"
        return ModuleSpec(package, None, origin=str(front)) if front.is_file() else None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "find_spec", copied)
        forget()
        yield folder
    forget()


def forget():
    """Read the sources again, as a new process does."""
    for found in (digests._digest, *vars(sources).values()):
        if hasattr(found, "cache_clear"):
            found.cache_clear()


@pytest.fixture(scope="module")
def recipes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("suites")
    plans = [plan(folder, SUITE, seeds="1"), plan(folder, BARE)]
    return [recipe for each in plans for recipe in each.recipes]


@pytest.fixture(scope="module")
def before(tree, recipes):
    return digests_of(recipes)


def digests_of(recipes):
    """By method."""
    forget()
    return {recipe.method_name: digests.digest_of(recipe) for recipe in recipes}


@contextmanager
def changed(file, change):
    text = file.read_text()
    file.write_text(change(text))
    yield
    file.write_text(text)


@pytest.mark.parametrize(
    ("file", "stale"),
    [
        ("ebmbench/interfaces/patterns.py", {"RAPID"}),
        ("ebmbench/interfaces/model.py", ALL),
        ("ebmbench/interfaces/metric.py", ALL),
        ("ebmbench/interfaces/dataset.py", ALL),
        ("ebmbench/numerics/threads.py", ALL),
        ("ebmbench/training/evaluator.py", ALL),
        ("ebmbench/training/optimizer.py", TRAINED),
        ("ebmbench/training/replay.py", TRAINED),
        ("plugins/ebmbench_rapid/thin_phase.py", {"RAPID"}),
        ("plugins/ebmbench_gibbs/pcd.py", {"PCD"}),
        ("plugins/ebmbench_exact/half_split.py", ALL),  # a helper of the metric nll
        ("plugins/ebmbench_metrics/kept_pixels.py", TRAINED),  # of hamming
        ("plugins/ebmbench_metrics/spectrum.py", set()),  # which is not measured
        ("ebmbench/interfaces/library_chains.py", set()),
        ("ebmbench/interfaces/hookspecs.py", set()),
        ("ebmbench/summary/statistics.py", set()),
        ("ebmbench/report/headline.py", set()),
        ("ebmbench/commands/app.py", set()),
        ("ebmbench/plan/plan.py", set()),
        ("ebmbench/running/runner.py", set()),
        ("ebmbench/errors.py", set()),
    ],
)
def test_a_changed_line_makes_those_cells_stale_that_use_it(file, stale, tree, recipes, before):
    with changed(tree / file, lambda text: text + "\nFLIPPED = True\n"):
        after = digests_of(recipes)
    assert {name for name in ALL if before[name] != after[name]} == stale


def test_comments_docstrings_and_layout_change_nothing(tree, recipes, before):
    said = '"""Interface: p(v)'

    def other_words(text):
        assert said in text
        return "# A remark.\n\n" + text.replace(said, '"""It is said: p(v)')

    with changed(tree / "ebmbench/interfaces/model.py", other_words):
        assert digests_of(recipes) == before


def test_what_is_for_type_checkers_alone_is_not_followed(tmp_path, monkeypatch):
    (tmp_path / "__init__.py").write_text("")
    (tmp_path / "used.py").write_text("")
    (tmp_path / "seen.py").write_text("")
    (tmp_path / "one.py").write_text(
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from mine.seen import x\n"
        "def f():\n    from . import used\n    return used\n"
    )
    front = ModuleSpec("mine", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(sources, "find_spec", lambda name: front if name == "mine" else None)
    forget()
    assert set(sources.modules_from("mine.one", ["mine"])) == {"mine.one", "mine.used"}
    forget()


def test_results_depend_on_their_rooms_and_plugins_alone():
    for module in (digests.TRAINED, digests.MEASURED):
        for name in sources.modules_from(module, ["ebmbench"]):
            assert name.startswith(digests.ROOMS) or name == "ebmbench.errors", name
