"""BibTeX as it is read, and where components' entries are found."""

from __future__ import annotations

import sys
from importlib.resources import files

import pytest

from ebmbench.errors import ConfigError
from ebmbench.interfaces.citations import bibliography, cited_by, read, resolved
from ebmbench.interfaces.installed.registry import FAMILIES, Registry
from ebmbench.interfaces.sampler import Sampler

ENTRY = """
A comment, as BibTeX has it.
@Article{hinton2002,
  author = {Hinton, Geoffrey E.},
  TITLE = "Training Products of {Experts},
     by {\\"o}",
  year = 2002
}
"""


def test_an_entry_is_read_and_written_again():
    (entry,) = read(ENTRY, "x.bib")
    assert (entry.kind, entry.key) == ("article", "hinton2002")
    assert entry.fields == {
        "author": "Hinton, Geoffrey E.",
        "title": 'Training Products of {Experts}, by {\\"o}',
        "year": "2002",
    }
    assert read(str(entry), "again") == [entry]
    assert str(entry).endswith("  year = {2002},\n}\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@article{, author = {A}}", "x.bib:1: no entry"),
        ("\n\n@article hinton2002", "x.bib:3: no entry"),
        ("@string{a = {b}}", "no entry"),
        ("@comment{a, b}", "@comment is not read here"),
        ("@misc{a, title = {T}, year = 2000}", "'a' has no author"),
        ("@misc{a, author = {A}}", "'a' has no title and no year"),
        ("@misc{a, author = {A}, title = {T}, year = {}}", "'a' has no year"),
        (
            "@misc{a, author = {A}, title = {T {x}, year = 2000",
            "the value of 'a.title' has no end",
        ),
        ("@misc{a, author = {A}, title = T, year = 2000}", "neither braces nor quotes"),
        ("@misc{a, author = {A}, author = {B}}", "two fields 'author'"),
        ("@misc{a, author = {A}, title = {T}, year = 2000", "neither a field nor its end"),
        ("@misc{a, author = {A}, title = {T}, year = 2000}" * 2, "a second entry 'a'"),
    ],
)
def test_what_is_no_entry_is_told_with_its_line(text, said):
    with pytest.raises(ConfigError, match=said.replace(".", r"\.")):
        read(text, "x.bib")


def test_every_paper_of_ours_is_cited_by_something():
    cited = set()
    registry = Registry.discover()
    for family in FAMILIES:
        for name in registry.names(family):
            entry = registry.families[family][name]
            if entry.distribution == "ebmbench":
                cited |= {each.key for each in cited_by(entry.component)}
    steps = {"cho2011enhanced", "montavon2012", "melchior2016", "bereux2026", "amari1998"}
    cited |= steps | {"amari1992", "desjardins2013", "hestenes1952"}
    assert set(bibliography("ebmbench")) == cited


def test_no_paper_of_ours_stands_twice_and_keys_are_in_order():
    found = list(bibliography("ebmbench").values())
    assert len({entry.work for entry in found}) == len(found)
    assert [entry.key for entry in found] == sorted(entry.key for entry in found)
    assert (files("ebmbench") / "references.bib").read_text().isascii()


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A plugin's package with a file of its own, and a sampler that cites from it."""
    folder = tmp_path / "citing_plugin"
    folder.mkdir()
    (folder / "references.bib").write_text(ENTRY.replace("hinton2002", "mine2030"))
    (folder / "__init__.py").write_text(
        "from ebmbench.interfaces.sampler import Sampler\n"
        "class Mine(Sampler):\n"
        "    cites = ('mine2030', 'hinton2002')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    yield __import__("citing_plugin")
    sys.modules.pop("citing_plugin")
    bibliography.cache_clear()


def test_a_plugin_cites_from_its_own_file_and_from_ours(package):
    assert [entry.key for entry in cited_by(package.Mine)] == ["mine2030", "hinton2002"]


def test_who_is_made_from_a_component_cites_what_it_cites(package):
    class Derived(package.Mine):
        pass

    assert [entry.key for entry in cited_by(Derived)] == ["mine2030", "hinton2002"]


def test_an_entry_may_be_written_out():
    class Written(Sampler):
        cites = (ENTRY[ENTRY.index("@") :], "besag1975")

    assert [entry.key for entry in cited_by(Written)] == ["hinton2002", "besag1975"]


class Penalised(Sampler):
    cites = ("hinton2002", "strength: besag1975")

    class Options(Sampler.Options):
        strength: float = 0.5


def test_an_option_has_its_paper_where_it_is_used():
    def keys(options):
        return [entry.key for entry in cited_by(Penalised, options)]

    assert keys(None) == keys({"strength": 0.7}) == ["hinton2002", "besag1975"]
    assert keys({}) == keys({"strength": 0.5}) == ["hinton2002"]


def test_an_option_that_is_not_there_is_told():
    class Wrong(Penalised):
        cites = ("strenght: besag1975",)

    with pytest.raises(ConfigError, match="no such option: 'strenght'"):
        cited_by(Wrong)


def test_a_key_that_nobody_has_is_told_with_the_nearest():
    with pytest.raises(ConfigError, match=r"'hinton2003' is no key.*Did you mean 'hinton2002'"):
        resolved(["hinton2003"])
