"""What a stranger's component depends on, wherever that lies; and files that are no code."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from ebmbench.errors import ComponentError
from ebmbench.interfaces.choice import Choice
from ebmbench.interfaces.installed.registry import FAMILIES
from ebmbench.plan import digests, inputs
from support.new_process import forget
from support.suites import SMALL, plan

SAMPLER = """
{imports}
from ebmbench import Sampler

class Mine({base}):
    \"\"\"A sampler of somebody's own.\"\"\"
    name = "mine"
    class Options(Sampler.Options):
        file: str = ""
        nested: dict[str, list[str]] = {{}}
"""


def sampler(imports="", base="Sampler"):
    return SAMPLER.format(imports=imports, base=base)


@pytest.fixture
def lay(tmp_path, monkeypatch):
    """Writes files into a folder that Python imports from, and imports one of the modules."""
    loaded = set(sys.modules)

    def laid(module, files, folder="here"):
        home = tmp_path / folder
        for name, content in files.items():
            file = home / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        monkeypatch.syspath_prepend(str(home))
        importlib.invalidate_caches()
        return home, importlib.import_module(module).Mine

    yield laid
    for name in set(sys.modules) - loaded:
        del sys.modules[name]
    forget()


def told(component, **options):
    """All that a result depends on of a component, as a new process finds it."""
    forget()
    made = inputs.component_inputs(Choice(component, component.Options(**options)))
    return made, digests.component_code(component)


LAYOUTS = {  # what lies where, the component's module, and what changes
    "a module beside the plugin's": (
        {"mine.py": sampler("import mine_beside"), "mine_beside.py": "x = 1"},
        "mine",
        "mine_beside.py",
    ),
    "what that one imports": (
        {
            "mine.py": sampler("from mine_beside import x"),
            "mine_beside.py": "from mine_inner.deep import x",
            "mine_inner/__init__.py": "",
            "mine_inner/deep.py": "x = 1",
        },
        "mine",
        "mine_inner/deep.py",
    ),
    "a base class of another package": (
        {
            "mine/__init__.py": "",
            "mine/one.py": sampler("from other.base import Base", "Base"),
            "other/__init__.py": "",
            "other/base.py": sampler().replace("Mine", "Base"),
        },
        "mine.one",
        "other/base.py",
    ),
    "a base's base of another package": (
        {
            "mine.py": sampler("from other import Base", "Base"),
            "other.py": "from third import Root\nclass Base(Root):\n    pass",
            "third.py": sampler().replace("Mine", "Root"),
        },
        "mine",
        "third.py",
    ),
    "a namespace package": (
        {"space/mine/one.py": sampler("from . import two"), "space/mine/two.py": "x = 1"},
        "space.mine.one",
        "space/mine/two.py",
    ),
    "the component's own file in a namespace package": (
        {"space/mine.py": sampler()},
        "space.mine",
        "space/mine.py",
    ),
    "another part of a namespace package": (
        {"space/mine.py": sampler("import space.other.two"), "space/other/two.py": "x = 1"},
        "space.mine",
        "space/other/two.py",
    ),
    "a data file of the package": (
        {"mine/__init__.py": "", "mine/one.py": sampler(), "mine/tables/a.npy": b"\x93NUMPY"},
        "mine.one",
        "mine/tables/a.npy",
    ),
    "a data file of a base's package": (
        {
            "mine.py": sampler("from other.base import Base", "Base"),
            "other/__init__.py": "",
            "other/base.py": sampler().replace("Mine", "Base"),
            "other/a.json": "{}",
        },
        "mine",
        "other/a.json",
    ),
    "a data file of a namespace package": (
        {"space/mine/one.py": sampler(), "space/mine/a.txt": "1"},
        "space.mine.one",
        "space/mine/a.txt",
    ),
}


SCRIPT = """
from pathlib import Path
def run():
    exec(Path(__file__).with_name("lazy.py").read_text(), {})
"""
LOADING = {  # how the code loads a module, which lies beside it
    "import_module": "def f():\n    import importlib\n    importlib.import_module('four.lazy')",
    "under another name": "from importlib import import_module as load\nload('four.' + 'lazy')",
    "by getattr": "import importlib\nget = getattr(importlib, 'import_module')",
    "the built-in": "module = __import__('four.lazy')",
    "runpy": "import runpy\ndef f():\n    runpy.run_module('four.lazy')",
    "a file that is run": SCRIPT,
    "a file that is imported": (
        "import importlib.util as u\ndef f(at):\n    return u.spec_from_file_location('x', at)"
    ),
    "an entry point": "from importlib.metadata import entry_points",
    "pkgutil": "import pkgutil\nfound = list(pkgutil.walk_packages(['.']))",
}


@pytest.mark.parametrize("changing", ["four/lazy.py", "four/inner/deep.py", "four/scripts/a-b.py"])
@pytest.mark.parametrize("loading", LOADING.values(), ids=LOADING)
def test_where_code_loads_by_name_its_whole_package_counts(loading, changing, lay):
    files = {"four/__init__.py": "", "four/one.py": sampler("from four import two")}
    files |= {"four/two.py": loading, "four/lazy.py": "x = 1", "four/inner/__init__.py": ""}
    files |= {"four/inner/deep.py": "x = 1", "four/scripts/a-b.py": "x = 1"}
    home, component = lay("four.one", files)
    before = told(component)
    (home / changing).write_text("x = 2")
    assert told(component) != before


@pytest.mark.parametrize(
    "line", ["", "import importlib.util\nimportlib.util.find_spec('four.lazy')"]
)
def test_what_is_neither_imported_nor_loaded_does_not_count(line, lay):
    files = {"four/__init__.py": "", "four/one.py": sampler(line), "four/lazy.py": "x = 1"}
    home, component = lay("four.one", files)
    before = told(component)
    (home / "four/lazy.py").write_text("x = 2")
    assert told(component) == before


NAMING = {  # in a module by itself: what its texts name, and what changes
    "a module": ("import_module('five_lazy')", "five_lazy.py", True),
    "a file": ("import_module(Path('five_lazy.py').stem)", "five_lazy.py", True),
    "the start of a name": ("import_module('five_package.' + which)", "five_package/a.py", True),
    "another module": ("import_module('five_package')", "five_lazy.py", False),
    "what is no name": ("import_module('five lazy')", "five_lazy.py", False),
    "without a loader": ("print('five_lazy')", "five_lazy.py", False),
}


@pytest.mark.parametrize(("call", "changing", "stale"), NAMING.values(), ids=NAMING)
def test_a_module_by_itself_loads_what_its_texts_name(call, changing, stale, lay):
    loader = "from importlib import import_module\n" * ("import_module" in call)
    code = sampler(f"{loader}def f():\n    {call}")
    files = {"five.py": code, "five_lazy.py": "x = 1", "five_package/__init__.py": ""}
    home, component = lay("five", files | {"five_package/a.py": "x = 1"})
    before = told(component)
    (home / changing).write_text("x = 2")
    assert (told(component) != before) == stale


def test_the_papers_that_a_package_cites_do_not_count(lay):
    files = {"four/__init__.py": sampler(), "four/references.bib": "@misc{a}"}
    home, component = lay("four", files)
    before = told(component)
    (home / "four/references.bib").write_text("@misc{b}")
    assert told(component) == before


def test_an_environment_in_a_package_does_not_count(lay):
    files = {"four/__init__.py": "", "four/one.py": sampler("from importlib import import_module")}
    files |= {"four/.venv/lib/a.py": "x = 1", "four/env/site-packages/a.py": "x = 1"}
    home, component = lay("four.one", files)
    before = told(component)
    for name in ("four/.venv/lib/a.py", "four/env/site-packages/a.py"):
        (home / name).write_text("x = 2")
    assert told(component) == before


@pytest.mark.parametrize("installed", [False, True], ids=["editable", "installed"])
@pytest.mark.parametrize(("files", "module", "changing"), LAYOUTS.values(), ids=LAYOUTS)
def test_what_a_component_depends_on_makes_its_cells_stale(files, module, changing, installed, lay):
    if installed:  # as pip does it, the other packages brought by the same distribution
        record = "".join(f"{name},,\n" for name in files)
        entry_points = f"[ebmbench]\nmine = {module}\n"
        info = {"METADATA": "Name: mine\nVersion: 1", "RECORD": record}
        info["entry_points.txt"] = entry_points
        files = files | {f"mine-1.dist-info/{name}": text for name, text in info.items()}
    home, component = lay(module, files, "site-packages" if installed else "here")
    before = told(component)
    assert told(component) == before
    file = home / changing
    file.write_bytes(file.read_bytes() + b"\ny = 2")
    assert told(component) != before


def test_an_installed_library_is_told_by_its_version(lay):
    lay("mine_library", {"mine_library.py": sampler()}, "site-packages")
    home, component = lay("mine", {"mine.py": sampler("import mine_library")})
    before = told(component)
    (home.parent / "site-packages/mine_library.py").write_text("x = 2")
    assert told(component) == before


def test_an_installed_library_that_brings_a_base_class_counts(lay):
    library, _ = lay("mine_library", {"mine_library.py": sampler()}, "site-packages")
    _, component = lay("mine", {"mine.py": sampler("import mine_library", "mine_library.Mine")})
    before = told(component)
    (library / "mine_library.py").write_text("x = 2")
    assert told(component) != before


def test_a_module_that_a_finder_of_its_own_found_counts(lay, tmp_path, monkeypatch):
    """As editable installs of some builders do: no folder of ``sys.path`` holds it."""
    _, component = lay("mine", {"mine.py": sampler()})
    monkeypatch.setattr(sys, "path", [each for each in sys.path if str(tmp_path) not in each])
    monkeypatch.delattr(sys.modules["mine"], "__spec__")
    before = told(component)
    file = Path(sys.modules["mine"].__file__)
    file.write_text(file.read_text() + "\ny = 2")
    assert told(component) != before


def test_what_lies_beside_a_module_by_itself_does_not_count(lay, tmp_path, monkeypatch):
    """Its folder may be a project, with the runs that its cells are stored in."""
    home, component = lay("mine", {"mine.py": sampler()})
    monkeypatch.setattr(sys, "path", [each for each in sys.path if str(tmp_path) not in each])
    before = told(component)
    (home / "runs").mkdir()
    (home / "runs/record.json").write_text("{}")
    assert told(component) == before


@pytest.mark.parametrize("option", ["file", "nested"])
def test_a_file_that_an_option_names_counts(option, lay, tmp_path):
    _, component = lay("mine", {"mine.py": sampler()})
    file = tmp_path / "start.npy"
    given = {"file": str(file)} if option == "file" else {"nested": {"a": ["b", str(file)]}}
    absent = told(component, **given)
    file.write_text("1")
    before = told(component, **given)
    file.write_text("2")
    assert len({str(each) for each in (absent, before, told(component, **given))}) == 3


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.singular)
def test_a_file_that_a_component_of_any_family_names_counts(family, tmp_path):
    file = tmp_path / "table.bin"

    class Mine(family.interface):
        """A component that reads a file."""

        name = "mine"

        def files(self):
            return [file]

    Mine.__abstractmethods__ = frozenset()
    absent = told(Mine)
    file.write_text("1")
    before = told(Mine)
    file.write_text("2")
    assert len({str(each[0]["files"]) for each in (absent, before, told(Mine))}) == 3


def test_a_component_that_cannot_say_its_files_is_named(lay):
    _, component = lay("mine", {"mine.py": sampler()})
    component.files = lambda self: self.nowhere
    with pytest.raises(ComponentError, match="sampler 'mine': AttributeError"):
        told(component)


ODD = {
    "not UTF-8": b"x = '\xe9'\n",
    "Latin-1 that says so": b"# -*- coding: latin-1 -*-\nx = '\xe9'\n",
    "Python 2": b"print 'x'\n",
    "a template": b"{% if x %}\nimport {{ name }}\n",
    "a null byte": b"x = 1\x00\n",
    "nested too deeply": b"x = " + b"(" * 5000 + b")" * 5000 + b"\n",
    "a lone surrogate": b"x = '\\ud800'\n",
    "a stray backslash": b"x = '\\d'\n",
    "empty": b"",
}
TRY = "try:\n    from mine import odd\nexcept Exception:\n    pass"


@pytest.mark.parametrize("suffix", [".py", ".pyi"])
@pytest.mark.parametrize("content", ODD.values(), ids=ODD)
@pytest.mark.filterwarnings("ignore:invalid escape sequence")
def test_a_file_that_is_no_code_stops_nothing(content, suffix, lay):
    files = {"mine/__init__.py": "", "mine/one.py": sampler(TRY), f"mine/odd{suffix}": content}
    home, component = lay("mine.one", files)
    before = told(component)
    file = home / f"mine/odd{suffix}"
    file.write_bytes(content + b"\ny = 2\n")
    assert (told(component) != before) == (suffix == ".py")  # a stub alone is never run


@pytest.mark.parametrize("name", ["odd.py", "odd.npy", "__init__.pyi", "odd"])
def test_a_broken_link_stops_nothing(name, lay):
    home, component = lay("mine.one", {"mine/__init__.py": "", "mine/one.py": sampler(TRY)})
    before = told(component)
    (home / "mine" / name).symlink_to(home / "nowhere")
    assert told(component) == before


@pytest.mark.parametrize(
    "same",
    ["at: {every: 2}", "every: 2", "epochs: [0, 2]", "epochs: [2, 0, 2]", "epochs: [3, 2, 0]"],
)
def test_the_same_epochs_are_the_same_however_they_are_written(same, tmp_path):
    written = plan(tmp_path, SMALL)
    again = plan(tmp_path, SMALL.replace("at: {every: 2}", same))
    assert written.digest() == again.digest()
    other = plan(tmp_path, SMALL.replace("at: {every: 2}", "epochs: [0, 1]"))
    assert other.digest() != written.digest()
