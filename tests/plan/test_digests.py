"""What makes a cell stale: a change in what its numbers pass through, and in nothing else."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from ebmbench.plan import inputs, modules, reach, sources
from ebmbench.plan.reach import Reach
from support.new_process import forget
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
        return spec_of(package, home) if front.is_file() else None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(modules, "find_spec", copied)
        forget()
        yield folder
    forget()


def spec_of(package, home):
    spec = ModuleSpec(package, None, origin=str(home / "__init__.py"), is_package=True)
    spec.submodule_search_locations.append(str(home))
    return spec


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
    return {recipe.method_name: inputs.digest_of(inputs.inputs_of(recipe)) for recipe in recipes}


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
        ("ebmbench/interfaces/library_chains/chains.py", set()),
        ("ebmbench/interfaces/hookspecs.py", set()),
        ("ebmbench/summary/statistics/evidence.py", set()),
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


def test_what_is_cited_changes_nothing(tree, recipes, before):
    line = '    cites = ("younes1989", "tieleman2008", "acp: jelincic2025")\n'

    def citing(cites):
        def other(text):
            assert line in text
            return text.replace(line, cites)

        return changed(tree / "plugins/ebmbench_gibbs/pcd.py", other)

    for cites in ("", '    cites = ("besag1975",)\n', "    cites: tuple[str, ...] = ()\n"):
        with citing(cites):
            assert digests_of(recipes) == before
    with citing("    cites = (print(),)\n"):
        assert digests_of(recipes)["PCD"] != before["PCD"]


@pytest.fixture
def follow(tmp_path, monkeypatch):
    """Writes the files of a package, and finds the modules that one of them runs."""

    def found(module, front="", **texts):
        if front is not None:
            (tmp_path / "__init__.py").write_text(front)
        for name, text in texts.items():
            (tmp_path / f"{name}.py").write_text(text)
        spec = spec_of("mine", tmp_path)
        if front is None:
            spec.origin = None  # a namespace package
        monkeypatch.setattr(modules, "find_spec", lambda name: spec if name == "mine" else None)
        forget()
        found = sources.modules_from([module], Reach(("mine",)))
        return {name.removeprefix("mine.") for name in found}

    yield found
    forget()


TYPES = """
import typing
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from mine.seen import x
else:
    from mine.otherwise import x
if not TYPE_CHECKING:
    from mine.negated import y
if typing.TYPE_CHECKING:
    from mine.seen import z
"""


def test_what_is_for_type_checkers_alone_is_not_followed(follow):
    names = dict.fromkeys(("seen", "otherwise", "negated"), "")
    assert follow("mine.one", one=TYPES, **names) == {"one", "otherwise", "negated"}


@pytest.mark.parametrize(
    "line",
    [
        "import mine.used",
        "import mine.used as other",
        "from mine import used",
        "from mine.used import *",
        "from . import used",
        "from .used import x as y",
        "def f():\n    from . import used",
        "try:\n    import mine.used\nexcept ImportError:\n    pass",
        "class A:\n    from mine.used import x",
    ],
)
@pytest.mark.parametrize("front", ["", None], ids=["package", "namespace package"])
def test_imports_of_every_kind_are_followed(line, front, follow):
    assert follow("mine.one", front, one=line, used="x = 1") - {"mine"} == {"one", "used"}


def test_results_depend_on_their_rooms_and_plugins_alone():
    for module in (inputs.TRAINED, inputs.MEASURED):
        for name in sources.modules_from([module], Reach(("ebmbench",))):
            computes_nothing = name.startswith(("ebmbench.errors", "ebmbench.isolation"))
            assert name.startswith(reach.ROOMS) or computes_nothing, name
