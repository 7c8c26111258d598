"""The index of the site's search: a script, since a page from a folder may fetch nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import NamedTuple

from site_pages.plain_formulas import Formula

HEADINGS = ("h1", "h2", "h3")
LONGEST = 3000  # letters of a section: tables go on for long
VARIABLE = "window.searchSections"


class Section(NamedTuple):
    """A heading with what stands below it.

    Attributes:
        address: of the page, with the heading's anchor, from the site's root.
        page: its title.
    """

    address: str
    page: str
    title: str
    text: str


def sections(html: str, address: str, title: str) -> list[Section]:
    """The sections of a page."""
    reader = _Reader()
    reader.feed(html)
    return [
        Section(f"{address}#{anchor}" if anchor else address, title, _line(name), _line(text))
        for anchor, name, text in reader.found
        if name or text
    ]


def script(found: Iterable[Section]) -> str:
    """The index as a script."""
    return f"{VARIABLE} = {json.dumps([*map(list, found)], ensure_ascii=False)};\n"


def _line(words: Iterable[str]) -> str:
    return " ".join("".join(words).split())[:LONGEST]


class _Reader(HTMLParser):
    """Text by heading: [anchor, words of the heading, words below it]."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str], list[str]]] = [("", [], [])]
        self.in_heading = self.in_permalink = False
        self.formula: Formula | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if self.formula:
            self.formula.start(tag)
        elif tag == "math":
            self.formula = Formula()
        elif tag in HEADINGS and about.get("id"):
            self.found.append((str(about["id"]), [], []))
            self.in_heading = True
        elif tag == "a" and about.get("class") == "headerlink":
            self.in_permalink = True
        elif tag in ("p", "td", "th", "li", "div", "pre"):
            self.found[-1][2].append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.formula:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.formula:
            if self.formula.end():
                said, self.formula = self.formula.text, None
                self.handle_data(said)
        elif tag in HEADINGS:
            self.in_heading = False
        elif tag == "a":
            self.in_permalink = False

    def handle_data(self, data: str) -> None:
        if self.formula:
            self.formula.data(data)
        elif not self.in_permalink:
            _, title, text = self.found[-1]
            (title if self.in_heading else text).append(data)
