"""What is there is documented: hooks, interfaces, components, options, commands, metrics."""

import inspect
import re
from pathlib import Path

import pytest
import typer

from ebmbench.commands.app import app
from ebmbench.interfaces import hookspecs
from ebmbench.interfaces.installed.registry import FAMILIES, Registry
from ebmbench.interfaces.installed.which_plugins import no_third_party
from ebmbench.suite.keys import SuiteSpec
from reference_pages import pages
from reference_pages.hooks import methods
from reference_pages.suite import models_in
from support.suites import plan

DOCS = Path(__file__).parents[2] / "docs"
PROJECT = Path(__file__).parents[1] / "thirdparty/ebmbench-mean-field"
PAGES = {file.name: file.read_text() for file in sorted(DOCS.glob("*.md"))}
WRITTEN = pages()
COMMANDS = typer.main.get_command(app).commands

with no_third_party():
    BUILT_IN = [
        entry for family in Registry.discover().families.values() for entry in family.values()
    ]


@pytest.mark.parametrize("name", WRITTEN)
def test_the_reference_says_what_the_code_says(name):
    stands = (DOCS / "reference" / f"{name}.md").read_text(encoding="utf-8")
    assert stands == WRITTEN[name], "write it again: python docs/reference_pages"


def section_of(page, title):
    """The text under a heading of the second level."""
    (found,) = re.findall(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", page, re.M | re.S)
    return found


def test_every_hook_is_documented_with_its_interface():
    hooks = [name for name in vars(hookspecs) if name.startswith("ebmbench_")]
    assert sorted(hooks) == sorted(family.hook for family in FAMILIES.values())
    for name in hooks:
        assert f"`{name}`" in PAGES["plugins.md"]
        assert section_of(WRITTEN["hooks"], name)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_method_of_an_interface_says_what_it_does(family):
    written = section_of(WRITTEN["hooks"], f"ebmbench_{family}")
    for name, method in methods(FAMILIES[family].interface):
        assert inspect.getdoc(method), name
        assert f"### {name}" in written


@pytest.mark.parametrize("entry", BUILT_IN, ids=lambda e: f"{e.family} {e.component.name}")
def test_every_component_has_its_headline_and_options_in_the_reference(entry):
    written = section_of(WRITTEN[entry.family], entry.component.name)
    assert written.strip()
    for name, field in entry.component.Options.model_fields.items():
        assert field.description, name
        assert re.search(rf"^\| `{name}[`.]", written, re.M), name


@pytest.mark.parametrize(
    "entry",
    [e for e in BUILT_IN if e.family not in ("datasets", "executors")],
    ids=lambda e: e.component.name,
)
def test_every_model_kernel_sampler_and_metric_names_its_source(entry):
    assert re.search(r"\b(1[89]|20)\d\d\b", inspect.getdoc(entry.component))


@pytest.mark.parametrize("model", models_in(SuiteSpec), ids=lambda model: model.__name__)
def test_every_key_of_a_suite_has_a_description_and_a_row(model):
    assert inspect.getdoc(model)
    for name, field in model.model_fields.items():
        assert field.description, name
        assert re.search(rf"^\| `{field.alias or name}[`.]", WRITTEN["suite"], re.M), name


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_each_of_its_options_has_a_help(name):
    written = section_of(WRITTEN["commands"], f"ebmbench {name}")
    assert COMMANDS[name].help
    for parameter in COMMANDS[name].params:
        if parameter.name != "help":
            assert parameter.help, parameter.name
            assert all(option.upper() in written.upper() for option in parameter.opts)


def test_the_tutorials_code_is_the_one_that_the_tests_install():
    for name in ("ebmbench_mean_field.py", "pyproject.toml"):
        assert (PROJECT / name).read_text() in PAGES["first-sampler.md"]


@pytest.mark.parametrize("page", PAGES)
def test_every_command_on_a_page_exists(page):
    for line in re.findall(r"```bash\n(.*?)```", PAGES[page], re.S):
        for name in re.findall(r"^ebmbench (?:--no-third-party )?(\S+)", line, re.M):
            assert name in COMMANDS, name
    for name in re.findall(r"`ebmbench ([a-z]+)", PAGES[page]):
        assert name in COMMANDS, name


SUITES = [
    pytest.param(text, id=f"{page} {index}")
    for page, written in PAGES.items()
    for index, text in enumerate(re.findall(r"```yaml\n(.*?)```", written, re.S))
    if "\nsuite:" in text and "requires:" not in text
]


@pytest.mark.parametrize("text", SUITES)
def test_every_suite_on_a_page_is_valid(text, tmp_path):
    assert plan(tmp_path, text).cells
    if "quick:" in text:
        assert plan(tmp_path, text, quick=True).cells


def test_every_file_that_a_page_names_is_there():
    named = re.findall(r"`((?:suites|plugins|ebmbench|reports)/[\w/.-]+)`", "".join(PAGES.values()))
    assert named
    for name in named:
        assert (DOCS.parent / name).exists(), name


def test_the_pages_that_decide_say_what_the_code_says():
    from ebmbench.summary import statistics

    for formula in ("mean(d) +- t(n-1, 97.5 %) sd(d) / sqrt(n)", f"LEVEL = {statistics.LEVEL}"):
        assert formula in WRITTEN["decisions"]
