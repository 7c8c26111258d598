"""No link in a document leads nowhere, read on a code host or from a folder."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("docs", "reports", "plugins", "tests", "baselines", "suites")
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *(file for each in FOLDERS for file in (ROOT / each).rglob("*.md")),
]
LINK = re.compile(r"!?\[[^\]\[]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.M)


def anchors(document):
    """What headings are called in addresses."""
    text = document.read_text()
    titles = [re.sub(r"[`*\\]|&\w+;", "", title) for title in HEADING.findall(text)]
    named = re.findall(r'(?:id|name)="([^"]+)"', text)
    return {
        re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles
    } | {*named}


def without_code(text):
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.S)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: str(each.relative_to(ROOT)))
def test_every_link_leads_somewhere(document):
    for address in LINK.findall(without_code(document.read_text())):
        if re.match(r"\w+:", address):
            assert address.startswith(("https://", "mailto:")), address
            continue
        path, _, anchor = address.partition("#")
        there = document.parent / path if path else document
        assert there.exists(), address
        if anchor:
            assert anchor in anchors(there), address
