"""Committed reports tell no folder of the machine that made them, and show their notes."""

import re
from pathlib import Path

import pytest

REPORTS = Path(__file__).parents[2] / "reports"
TEXTS = sorted(
    f
    for f in REPORTS.rglob("*")
    if f.suffix in {".md", ".json", ".jsonl", ".csv", ".py", ".yaml", ".html"}
)
ABSOLUTE = re.compile(
    r"(?<![\w.~/-])/(?:home|root|tmp|work|users|mnt|media|opt|var|usr|srv|data|scratch|private)/"
    r"|\b[A-Z]:\\+\w",
    re.I,
)


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: str(file.relative_to(REPORTS)))
def test_no_absolute_path_stands_in_a_report(file):
    found = ABSOLUTE.search(file.read_text(encoding="utf-8"))
    assert not found, found


@pytest.mark.parametrize("path", ["/home/ada/x", "at /TMP/r", r"C:\Users", "'/work/main/x.yaml'"])
def test_an_absolute_path_would_be_found(path):
    assert ABSOLUTE.search(path)


def test_notes_stand_in_their_report_below_its_title():
    found = list(REPORTS.rglob("notes.md"))
    assert found
    for file in found:
        title, _, notes, *_ = (file.parent / "README.md").read_text().split("\n\n")
        assert title.startswith("# ")
        assert file.read_text().startswith(notes)
