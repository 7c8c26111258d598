"""What `cite` prints, and `info` of what a component cites."""

import json

import pytest

from ebmbench.interfaces.citations import read
from support.command_line import ebmbench
from support.suites import write


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A finished run of the small suite."""
    folder = tmp_path_factory.mktemp("cite")
    ended = ebmbench("run", write(folder), "--runs", folder / "runs", "--jobs", 0)
    assert ended.code == 0, ended.err
    return folder / "runs"


def test_bibtex_is_printed_or_written(runs, tmp_path):
    ended = ebmbench("cite", "small", "--runs", runs)
    assert ended.code == 0, ended.err
    keys = [entry.key for entry in read(ended.out, "printed")]
    assert keys[0] == "ebmbench"
    assert {"hinton2002", "pozaskerstjens2021", "smolensky1986"} <= set(keys)
    assert ebmbench("cite", "small", "--runs", runs, "-o", tmp_path / "x.bib").out == ""
    assert ebmbench("cite", "small", "--runs", runs, "-o", tmp_path / "x.bib").code == 0  # again
    assert (tmp_path / "x.bib").read_text() == ended.out
    (tmp_path / "mine.bib").write_text("@book{mine,}")
    refused = ebmbench("cite", "small", "--runs", runs, "-o", tmp_path / "mine.bib")
    assert refused.code == 2
    assert "no bibliography that ebmbench wrote" in refused.err
    assert (tmp_path / "mine.bib").read_text() == "@book{mine,}"
    works = json.loads(ebmbench("cite", "small", "--runs", runs, "--json").out)["works"]
    assert [work["key"] for work in works] == keys


def test_a_run_that_is_not_there_is_told(runs):
    ended = ebmbench("cite", "smal", "--runs", runs)
    assert (ended.code, ended.out) == (2, "")


def test_info_shows_what_a_component_cites():
    assert "@article{hinton2002," in ebmbench("info", "sampler", "cd").out
    cites = json.loads(ebmbench("info", "sampler", "cd", "--json").out)["cites"]
    assert [read(entry, "info")[0].key for entry in cites] == ["hinton2002", "jelincic2025"]
