"""`ebmbench plugins`: what is installed, who brings what, what is broken, what is left out."""

import json
import sys

import pytest

from ebmbench.interfaces.installed.registry import OURS, Registry
from ebmbench.interfaces.installed.which_plugins import NO_THIRD_PARTY, ONLY
from support.command_line import ebmbench

SAMPLER = """
from ebmbench import Sampler, hookimpl

class Mine(Sampler):
    '''A sampler for tests, of no use whatever.'''
    name = "mine"

@hookimpl
def ebmbench_samplers():
    return [Mine]
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Make a distribution that brings a plugin of the same name appear as installed."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delenv(ONLY, raising=False)
    monkeypatch.delenv(NO_THIRD_PARTY, raising=False)

    def installed(name, source, version="2.3"):
        (tmp_path / f"plugin_{name}.py").write_text(source)
        sys.modules.pop(f"plugin_{name}", None)
        info = tmp_path / f"their_{name}-{version}.dist-info"
        info.mkdir()
        info.joinpath("METADATA").write_text(f"Name: their-{name}\nVersion: {version}\n")
        info.joinpath("entry_points.txt").write_text(f"[ebmbench]\n{name} = plugin_{name}\n")

    return installed


def rows(*arguments):
    ended = ebmbench(*arguments, "plugins", "--json")
    assert ended.code == 0, ended.err
    return {row["name"]: row for row in json.loads(ended.out)["plugins"]}


def test_it_lists_distribution_version_and_what_each_brings(install):
    install("one", SAMPLER)
    found = rows()
    assert found["one"] == {
        "name": "one",
        "distribution": "their-one",
        "version": "2.3",
        "state": "loaded",
        "why": "",
        "brings": {"samplers": ["mine"]},
    }
    assert found["gibbs"]["distribution"] == OURS
    assert "samplers: mine" in ebmbench("plugins").out


def test_every_component_is_brought_by_one_plugin(install):
    registry = Registry.discover()
    brought = [
        (family, name)
        for row in rows().values()
        for family, names in row["brings"].items()
        for name in names
    ]
    assert sorted(brought) == sorted(
        (family, name) for family, entries in registry.families.items() for name in entries
    )


def test_a_broken_plugin_stands_there_with_its_distribution_and_the_reason(install):
    install("bad", "import there_is_no_such_module")
    row = rows()["bad"]
    assert (row["distribution"], row["version"], row["state"]) == ("their-bad", "2.3", "broken")
    assert "ModuleNotFoundError" in row["why"]
    assert row["brings"] == {}
    assert "broken: ModuleNotFoundError" in ebmbench("plugins").out.replace("\n", "")


def test_third_party_plugins_can_be_left_out(install):
    install("one", SAMPLER)
    row = rows("--no-third-party")["one"]
    assert (row["state"], row["brings"]) == ("left out", {})
    assert ebmbench("--no-third-party", "info", "sampler", "mine").code == 2
    assert ebmbench("info", "sampler", "mine").code == 0  # the option is of one command only


def test_the_environment_leaves_them_out_as_well(install, monkeypatch):
    install("one", SAMPLER)
    monkeypatch.setenv(NO_THIRD_PARTY, "1")
    registry = Registry.discover()
    assert "mine" not in registry.names("samplers")
    assert registry.names("models")
    monkeypatch.setenv(NO_THIRD_PARTY, "0")
    assert "mine" in Registry.discover().names("samplers")


def test_a_plugin_that_the_environment_does_not_name_is_said_to_be_left_out(install, monkeypatch):
    install("one", SAMPLER)
    monkeypatch.setenv(ONLY, "one")
    assert rows()["gibbs"]["state"] == "left out"
    assert ONLY in rows()["gibbs"]["why"]


def test_a_clash_is_refused_with_both_owners_named_and_a_way_out(install):
    install("one", SAMPLER)
    install("two", SAMPLER, "4.5")
    ended = ebmbench("plugins")
    assert ended.code == 2
    assert "sampler 'mine': 'one' (their-one 2.3) and 'two' (their-two 4.5)" in ended.err
    assert "--no-third-party" in ended.err
    assert rows("--no-third-party")["two"]["state"] == "left out"


def test_a_name_of_ours_cannot_be_taken(install):
    install("thief", SAMPLER.replace('"mine"', '"cd"'))
    ended = ebmbench("list")
    assert ended.code == 2
    assert "two plugins claim sampler 'cd': 'gibbs' (ebmbench " in ended.err
    assert "'thief' (their-thief 2.3)" in ended.err
