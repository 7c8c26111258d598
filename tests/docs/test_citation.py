"""CITATION.cff is what reference managers expect, and says what the project says."""

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
FOUND = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CITE = (ROOT / "docs" / "cite.md").read_text()


def test_it_has_what_the_format_asks_for_and_no_key_that_it_does_not_know():
    assert {"cff-version", "message", "title", "authors"} <= set(FOUND)
    known = "abstract authors cff-version keywords license message references title type version"
    assert set(FOUND) <= set(known.split())
    assert FOUND["cff-version"] == "1.2.0"
    assert FOUND["type"] == "software"


def test_it_says_what_the_project_says():
    assert FOUND["authors"] == PROJECT["authors"]
    assert (FOUND["version"], FOUND["license"]) == (PROJECT["version"], PROJECT["license"])


def test_the_page_says_the_same():
    assert f"title = {{{FOUND['title']}}}" in CITE
    assert f"version = {{{FOUND['version']}}}" in CITE
    (paper,) = FOUND["references"]
    assert f"title = {{{paper['title']}}}" in CITE
    names = re.search(r"@article.*?author = \{(.*?)\},\n", CITE, re.S)[1]
    assert names.count(" and") == len(paper["authors"]) - 1
