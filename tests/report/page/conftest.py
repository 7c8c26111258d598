"""Pages of made-up runs; see journal_example.py for what they hold."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from ebmbench.journal.documents import PictureAbout
from ebmbench.report import write_report
from ebmbench.summary import summarise
from support import journal_example as example

EVIL = '</script><script>alert("x")</script><img src=x onerror=alert(1)>&amp;%{y}'
GRID = {"m.seen": PictureAbout(kind="images", legend=("train", "no <b>"), epochs=(0, 10, 100))}


def images(id_):
    """Three frames of five images of 2 x 3 pixels, marked."""
    pixels = torch.full((5, 2, 3), 127, dtype=torch.int8)
    pixels[:, 0] = -127
    frames = {f"m.seen@{epoch}/pixels": pixels for epoch in (0, 10, 100)}
    return {**frames, **{f"m.seen@{e}/marks": torch.tensor([0, 1, 1, 0, 1]) for e in (0, 10, 100)}}


def page_of(folder: Path, run=None, records=None, arrays=images) -> Path:
    """The page of a run, which shows images."""
    found = [
        example.changed(each, pictures=GRID) if each.status == "done" else each
        for each in records or example.records()
    ]
    summary = summarise(run or example.run(), found)
    (file,) = write_report(summary, found, folder, arrays, ["html"])
    return file


def renamed(names):
    """The example with other names of its methods."""
    run = example.changed(
        example.run(baseline=names["Slow"]), methods=(*names.values(), "Ghost"), skips=()
    )
    changed = {"title": EVIL, "command": EVIL, "text": EVIL, "notes": (EVIL,)}
    records = [example.changed(each, method=names[each.method]) for each in example.records()]
    return example.changed(run, **changed), records


@pytest.fixture(scope="session")
def page(tmp_path_factory):
    """The example's page."""
    return page_of(tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="session")
def evil(tmp_path_factory):
    """A page of which every text would like to be more than that."""
    run, records = renamed({"Fast": EVIL, "Slow": "<b>Slow</b>", "Twin": "__proto__"})
    return page_of(tmp_path_factory.mktemp("evil"), run, records)
