"""Plugins: found, isolated when broken, refused when two claim a name."""

import sys
import textwrap
from importlib.metadata import EntryPoint

import pytest

from ebmbench.errors import PluginError
from ebmbench.interfaces.installed.registry import FAMILIES, Plugin, Registry, family_of
from ebmbench.suite.keys import ComponentSpec, MetricSpec

SAMPLER = """
from ebmbench import Sampler, hookimpl

class Mine(Sampler):
    '''A sampler for tests, of no use whatever.'''
    name = "{name}"

@hookimpl
def ebmbench_samplers():
    return [Mine]
"""


METRIC = """
from pydantic import Field
from ebmbench import Metric, hookimpl

class Mine(Metric):
    "A metric for tests, of no use whatever."
    name = "mine"

    class Options(Metric.Options):
        {field}

    def measure(self, view):
        return {{}}

@hookimpl
def ebmbench_metrics():
    return [Mine]
"""


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    """Write a module and return its entry point."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(name, source):
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(source))
        sys.modules.pop(name, None)
        return EntryPoint(name, name, "ebmbench")

    return write


def test_a_plugins_components_are_found(plugin):
    registry = Registry.load([plugin("one", SAMPLER.format(name="mine"))])
    assert registry.names("samplers") == ["mine"]
    assert registry.broken == {}


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("import there_is_no_such_module", "ModuleNotFoundError"),
        ("1 / 0", "ZeroDivisionError"),
        (
            "from ebmbench import hookimpl\n@hookimpl\ndef ebmbench_sampler():\n    return []",
            "ebmbench_sampler",  # a misspelt hook
        ),
        (
            "from ebmbench import hookimpl\n@hookimpl\ndef ebmbench_samplers():\n    return [int]",
            "must return subclasses of Sampler",
        ),
        (SAMPLER.replace('name = "{name}"', "pass"), "has no name"),
    ],
)
def test_a_broken_plugin_is_named_and_takes_nothing_else_down(source, says, plugin):
    points = [plugin("bad", source), plugin("good", SAMPLER.format(name="mine"))]
    registry = Registry.load(points)
    assert says in registry.broken["bad"]
    assert registry.names("samplers") == ["mine"]


def test_two_claims_to_a_name_are_an_error_that_names_both(plugin):
    points = [plugin(name, SAMPLER.format(name="mine")) for name in ("one", "two")]
    with pytest.raises(PluginError, match=r"sampler 'mine': 'one' .* and 'two'"):
        Registry.load(points)


def test_the_words_of_a_family_are_those_that_suites_have_beside_its_options():
    mine = {info.alias or name for name, info in MetricSpec.model_fields.items()}
    assert FAMILIES["metrics"].words == mine
    assert FAMILIES["samplers"].words == FAMILIES["models"].words == {*ComponentSpec.model_fields}
    assert FAMILIES["datasets"].words == {*ComponentSpec.model_fields, "extends", "sweep"}


@pytest.mark.parametrize("word", sorted(FAMILIES["metrics"].words))
def test_an_option_that_no_suite_could_set_is_told_with_a_remedy(word, plugin):
    field = f"option: int = Field(1, alias={word!r}, description='none')"
    registry = Registry.load([plugin("bad", METRIC.format(field=field))])
    assert f"the option '{word}' of Mine can never be set" in registry.broken["bad"]
    assert "Rename it" in registry.broken["bad"]


def test_what_is_broken_is_what_the_plugins_say():
    left_out = Plugin("two", "d", "1", "left out", "so")
    plugins = [Plugin("one", "d", "1", "broken", "so"), left_out, Plugin("three", "d", "1")]
    assert Registry(plugins=plugins).broken == {"one": "so"}


def test_a_family_is_found_by_its_plural_or_singular_and_knows_its_hook():
    for plural, family in FAMILIES.items():
        assert family.plural == plural
        assert f"ebmbench_{plural}" == family.hook
        assert family_of(plural) is family_of(family.singular) is family
    assert family_of("samplerss") is None
