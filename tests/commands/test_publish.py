"""`ebmbench publish`: a report to be committed."""

import json

import pytest

from support.command_line import ebmbench
from support.suites import SMALL, write


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A finished run of two seeds."""
    folder = tmp_path_factory.mktemp("published")
    file, runs = write(folder, SMALL), folder / "runs"
    assert ebmbench("run", file, "--runs", runs, "--seeds", "2", "--jobs", 0).code == 0
    return runs / "small"


def described(run):
    (file,) = run.rglob("run.json")  # a run of fewer seeds than the suite has may be a part
    return file.parent


def contents(folder):
    return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.iterdir()}


def test_it_is_of_no_machine_and_the_second_time_changes_nothing(run, tmp_path):
    report = tmp_path / "reports" / "small"
    first = ebmbench("publish", described(run), report)
    assert first.code == 0
    assert f"Wrote {report / 'README.md'}" in first.out
    before = contents(report)
    assert {"README.md", "summary.json", "suite.yaml"} <= set(before)
    assert "index.html" not in before
    for name in ("README.md", "summary.json", "suite.yaml"):
        text = before[name][0].decode()
        assert str(run.parent.parent) not in text
        assert "--jobs" not in text
    assert "run …/small.yaml --seeds 2" in json.loads(before["summary.json"][0])["run"]["command"]
    second = ebmbench("publish", described(run), report)
    assert (second.code, second.out) == (0, f"{len(before)} files are as they were.\n")
    assert contents(report) == before


def test_notes_are_kept_and_shown_and_other_files_left_alone(run, tmp_path):
    report = tmp_path / "report"
    assert ebmbench("publish", described(run), report).code == 0
    plain = (report / "README.md").read_text()
    (report / "notes.md").write_text("One seed is *odd*.\n")
    (report / "seeds.csv").write_text("1\n")
    changed = ebmbench("publish", described(run), report)
    assert changed.out.startswith(f"Wrote {report / 'README.md'}\n")
    assert changed.out.count("Wrote") == 1
    assert (report / "README.md").read_text().replace("One seed is *odd*.\n\n", "") == plain
    assert (report / "notes.md").read_text() == "One seed is *odd*.\n"
    assert (report / "seeds.csv").read_text() == "1\n"


def test_a_page_is_written_if_asked_for_and_from_then_on(run, tmp_path):
    report = tmp_path / "report"
    assert ebmbench("publish", described(run), report, "--page").code == 0
    page = (report / "index.html").read_text()
    assert str(run.parent.parent) not in page
    (report / "index.html").write_text("old")
    assert ebmbench("publish", described(run), report).code == 0
    assert (report / "index.html").read_text() == page


def test_it_refuses_what_is_no_report(run, tmp_path):
    (tmp_path / "thesis.tex").write_text("years")
    ended = ebmbench("publish", described(run), tmp_path)
    assert ended.code == 2
    assert ended.err.startswith(f"{tmp_path}: it has files, but is no report. Publish into another")
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.tex"]


def test_it_refuses_a_run_that_lacks_results_unless_told(run, tmp_path):
    import shutil

    there = tmp_path / "runs" / "small"
    shutil.copytree(run, there)
    next((there / "cells").glob("*CD-2*.json")).unlink()
    ended = ebmbench("publish", described(there), tmp_path / "report")
    assert ended.code == 2
    assert "1 of 4 cells have no result yet. Run the suite again" in ended.err
    assert not (tmp_path / "report").exists()
    assert ebmbench("publish", described(there), tmp_path / "report", "--unfinished").code == 0
    assert "## Missing" in (tmp_path / "report" / "README.md").read_text()


def test_pictures_that_cannot_be_drawn_are_no_report(run, tmp_path, monkeypatch):
    from ebmbench.report.figures import draw

    report = tmp_path / "report"
    assert ebmbench("publish", described(run), report).code == 0
    before = contents(report)

    def fails(*_):
        raise LookupError("no ink")

    monkeypatch.setattr(draw, "draw", fails)
    ended = ebmbench("publish", described(run), report)
    assert ended.code == 2
    assert "would lack something: the pictures could not be drawn: LookupError: no ink" in ended.err
    assert ended.err.endswith("Nothing was written.\n")
    assert contents(report) == before


def test_python_has_it_too(run, tmp_path):
    from ebmbench.api.finished import open_run

    changes = open_run(described(run)).publish(tmp_path / "report")
    assert "README.md" in changes.written
    assert changes.removed == ()
