"""The report as a folder."""

from __future__ import annotations

import os

from ebmbench.report import write_report
from ebmbench.summary import summarise
from support import journal_example as example


def test_the_same_records_write_the_same_bytes(tmp_path):
    for name, records in {"a": example.records(), "b": example.records()[::-1]}.items():
        write_report(summarise(example.run(), records), records, tmp_path / name)
    files = sorted(file.name for file in (tmp_path / "a").iterdir())
    assert {"README.md", "summary.json", "bars-nll.png"} <= set(files)
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_every_picture_named_is_there(summary, tmp_path):
    readme, _ = write_report(summary, example.records(), tmp_path / "report")
    names = [part.split(")")[0] for part in readme.read_text("utf-8").split("](")[1:]]
    assert names
    assert all((readme.parent / name).is_file() for name in names)


def test_pictures_that_are_no_longer_shown_are_removed_and_others_stay(tmp_path):
    summary = summarise(example.run(), example.records())
    write_report(summary, example.records(), tmp_path, forms=["markdown"])
    (tmp_path / "mine.png").write_bytes(b"a picture of somebody's own")
    (tmp_path / "notes.md").write_text("![kept](bars-nll.png)")
    without = [
        example.changed(r, curves={n: c for n, c in r.curves.items() if n.startswith("hamming")})
        for r in example.records()
    ]
    write_report(summarise(example.run(), without), without, tmp_path, forms=["html"])
    assert (tmp_path / "bars-spectrum.png").is_file()  # the Markdown still shows it
    write_report(summarise(example.run(), without), without, tmp_path, forms=["markdown"])
    left = sorted(file.name for file in tmp_path.glob("*.png"))
    assert left == ["bars-hamming.png", "bars-nll.png", "mine.png"]


def test_files_are_replaced_whole_for_other_commands_may_read_them(summary, tmp_path):
    report, kept = tmp_path / "report", tmp_path / "kept"
    kept.mkdir()
    write_report(summary, example.records(), report)
    for file in report.iterdir():
        file.write_bytes(b"old")
        os.link(file, kept / file.name)
    write_report(summary, example.records(), report)
    assert {file.read_bytes() for file in kept.iterdir()} == {b"old"}
    assert b"old" not in {file.read_bytes() for file in report.iterdir()}
