"""Reports as they are committed: of no machine, notes kept, and only what differs written."""

from __future__ import annotations

from pathlib import Path

import pytest

from ebmbench.errors import ConfigError
from ebmbench.report.committed import (
    NOTES,
    of_no_machine,
    plain_command,
    require_report,
    settled,
    suite_text,
)
from ebmbench.report.markdown import Beside, document
from ebmbench.summary import summarise
from support import journal_example as example

HERE = Path("/home/ada/bench")


@pytest.mark.parametrize(
    ("command", "plain"),
    [
        ("ebmbench run s.yaml --jobs 1 --runs /tmp/r", "ebmbench run s.yaml"),
        ("ebmbench run --jobs=1 s.yaml --seeds 3", "ebmbench run s.yaml --seeds 3"),
        ("ebmbench run s.yaml --force --only 'A b' --json", "ebmbench run s.yaml --only 'A b'"),
        ("ebmbench run s.yaml --set 'a=--jobs 1'", "ebmbench run s.yaml --set 'a=--jobs 1'"),
        ("ebmbench.run('s.yaml', jobs=1)", "ebmbench.run('s.yaml', jobs=1)"),
        ("it's \"no command", "it's \"no command"),
    ],
)
def test_a_command_loses_what_changes_no_number(command, plain):
    assert plain_command(command) == plain


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("/home/ada/bench/suites/x.yaml", "suites/x.yaml"),
        ("File /usr/lib/python3/torch/nn.py, line 3", "File …/nn.py, line 3"),
        ("line\n/home/eve/secret/data.fa", "line\n…/data.fa"),
        (r"at C:\Users\eve\data.fa now", "at …/data.fa now"),
        ("train/test, a/b/c, 1/2/3", "train/test, a/b/c, 1/2/3"),
        ("https://example.org/a/b", "https://example.org/a/b"),
        ("../suites/x.yaml and ./a/b", "../suites/x.yaml and ./a/b"),
    ],
)
def test_no_absolute_path_stays(said, plain):
    run = example.changed(example.run(), notes=(said,), text=said)
    found = of_no_machine(run, HERE)
    assert (found.notes, found.text) == ((plain,), plain)


def test_a_record_loses_the_paths_in_its_reason_and_nothing_else():
    record = example.changed(example.record("Twin", 5), reason="no /home/ada/bench/data/x.fa")
    found = of_no_machine(record, HERE)
    assert found.reason == "no data/x.fa"
    assert found == example.changed(record, reason=found.reason)


def test_what_has_no_path_is_the_same_document():
    record = example.record("Fast", 0)
    assert of_no_machine(record, HERE) is record


def test_the_suite_says_what_ran_it_after_its_own_words():
    run = example.changed(example.run(), text="# A title.\nsuite: toy\n")
    text = suite_text(run)
    assert text.startswith("# A title.\nsuite: toy\n")
    assert run.digest in text
    assert "#   ebmbench run suites/toy.yaml\n" in text
    assert suite_text(example.run()) == ""


def test_notes_follow_the_title_and_the_suite_is_linked():
    summary = summarise(example.run(), example.records())
    text = document(summary, [], beside=Beside("Times mean **nothing** here.\n", "suite.yaml"))
    title, said, notes, *_ = text.split("\n\n")
    assert (title, said) == ("# toy", example.run().title)
    assert notes == "Times mean **nothing** here."
    assert "Suite: [toy](suite.yaml)" in text
    assert text.replace(f"{notes}\n\n", "").replace("[toy](suite.yaml)", "toy") == document(
        summary, []
    )


def folder_of(path, **files):
    path.mkdir()
    for name, text in files.items():
        (path / name.replace("_", ".")).write_text(text)
    return path


OURS = '{"boards": [], "run": {"suite": "toy"}}'


def test_a_report_of_the_suite_may_be_written_over(tmp_path):
    require_report(tmp_path / "none", "toy", NOTES)
    require_report(folder_of(tmp_path / "empty"), "toy", NOTES)
    require_report(folder_of(tmp_path / "notes", notes_md="x"), "toy", NOTES)
    require_report(
        folder_of(tmp_path / "ours", README_md="# toy", summary_json=OURS, more_csv=""),
        "toy",
        NOTES,
    )


@pytest.mark.parametrize(
    "files",
    [
        {"thesis_tex": "years of work"},
        {"README_md": "# mine"},
        {"README_md": "# mine", "summary_json": "{}"},
        {"README_md": "# mine", "summary_json": "no json"},
        {"summary_json": OURS},
        {"README_md": "# other", "summary_json": OURS.replace("toy", "other")},
    ],
    ids=lambda files: "+".join(files),
)
def test_anything_else_is_refused_with_a_remedy(files, tmp_path):
    folder = folder_of(tmp_path / "theirs", **files)
    with pytest.raises(ConfigError, match=r"theirs: it .*\. Publish into another folder"):
        require_report(folder, "toy", NOTES)


def test_a_file_is_refused(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(ConfigError, match="it is a file"):
        require_report(file, "toy", NOTES)


def test_only_what_differs_is_written_and_what_is_no_longer_shown_goes(tmp_path):
    shown = "![a](a.png) ![old](old.png) ![kept](kept.png)"
    there = folder_of(
        tmp_path / "there",
        README_md=shown,
        a_png="a",
        old_png="old",
        kept_png="kept",
        mine_png="mine",
        notes_md="![kept](kept.png)",
    )
    made = folder_of(tmp_path / "made", README_md="![a](a.png) ![b](b.png)", a_png="a", b_png="b")
    before = (there / "a.png").stat().st_mtime_ns
    changes = settled(made, there)
    assert changes == (("README.md", "b.png"), ("a.png",), ("old.png",))
    assert (there / "a.png").stat().st_mtime_ns == before
    names = {file.name for file in there.iterdir()}
    assert names == {"README.md", "a.png", "b.png", "kept.png", "mine.png", "notes.md"}


def test_a_picture_that_looks_the_same_stays(tmp_path):
    from PIL import Image, PngImagePlugin

    picture = Image.new("RGB", (5, 3), "red")
    there, made = folder_of(tmp_path / "there"), folder_of(tmp_path / "made")
    picture.save(there / "a.png")
    about = PngImagePlugin.PngInfo()
    about.add_text("Software", "a newer version")
    picture.save(made / "a.png", pnginfo=about)
    picture.save(there / "b.png")
    Image.new("RGB", (5, 3), "blue").save(made / "b.png")
    assert settled(made, there) == (("b.png",), ("a.png",), ())
