"""Pages of made-up runs, and what is in them; see journal_example.py for what the runs hold."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import torch

from ebmbench.journal.documents import PictureAbout
from ebmbench.report import write_report
from ebmbench.summary import summarise
from support import journal_example as example

VOID = {"meta", "img", "br", "input", "link", "hr"}
EVIL = '</script><script>alert("x")</script><img src=x onerror=alert(1)>&amp;%{y}'
GRID = {"m.seen": PictureAbout(kind="images", legend=("train", "no <b>"), epochs=(0, 10, 100))}


def images(id_):
    """Three frames of five images of 2 x 3 pixels, marked."""
    pixels = torch.full((5, 2, 3), 127, dtype=torch.int8)
    pixels[:, 0] = -127
    frames = {f"m.seen@{epoch}/pixels": pixels for epoch in (0, 10, 100)}
    return {**frames, **{f"m.seen@{e}/marks": torch.tensor([0, 1, 1, 0, 1]) for e in (0, 10, 100)}}


def page_of(folder: Path, run=None, records=None, arrays=images, floor=None) -> Path:
    """The page of a run, which shows images."""
    found = [
        example.changed(each, pictures=GRID) if each.status == "done" else each
        for each in records or example.records()
    ]
    summary = summarise(run or example.run(), found)
    (file,) = write_report(summary, found, folder, arrays, ["html"], floor=floor)
    return file


def renamed(names):
    """The example with other names of its methods."""
    run = example.changed(
        example.run(baseline=names["Slow"]), methods=(*names.values(), "Ghost"), skips=()
    )
    changed = {"title": EVIL, "command": EVIL, "text": EVIL, "notes": (EVIL,)}
    records = [example.changed(each, method=names[each.method]) for each in example.records()]
    return example.changed(run, **changed), records


class Reader(HTMLParser):
    """Every element with its attributes, and the text within; nesting is checked."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        self.texts.append((self.open[-1] if self.open else "", text))

    def all(self, tag):
        return [attributes for each, attributes in self.elements if each == tag]

    def text(self, tag):
        return "".join(text for each, text in self.texts if each == tag)


def numbers_of(file: Path):
    """What the page carries."""
    reader = Reader(file.read_text("utf-8"))
    start = next(
        i for i, (tag, a) in enumerate(reader.elements) if a.get("type") == "application/json"
    )
    scripts = [text for tag, text in reader.texts if tag == "script"]
    assert reader.elements[start][0] == "script"
    return json.loads(scripts[0])
