"""`ebmbench status`: where a run stands."""

import json
import signal
import subprocess
import sys

import pytest

from support.command_line import ebmbench
from support.runs import PLUGIN, records, run, start, suite_with, wait_for
from support.runs import site as site
from support.suites import SMALL, write

HALF = ("--only", "CD-2", "--seeds", "2")


@pytest.fixture
def half(tmp_path):
    """A run that has two of six cells."""
    file = write(tmp_path, SMALL)
    assert ebmbench("run", file, "--runs", tmp_path / "runs", *HALF, "--jobs", 0).code == 0
    return file


def status(*arguments, folder):
    ended = ebmbench("status", *arguments, "--runs", folder / "runs")
    assert ended.code == 0, ended.err
    return ended.out


def test_what_is_done_and_missing_is_counted_by_method(half, tmp_path):
    found = json.loads(status(half, "--json", folder=tmp_path))
    assert found["cells"] == {**dict.fromkeys(found["cells"], 0), "done": 2, "missing": 4}
    assert not found["complete"]
    by_method = {row["method"]: row["cells"] for row in found["methods"]}
    assert by_method["CD-2"]["missing"] == 1
    assert by_method["RAPID"]["done"] == 0
    out = status(half, folder=tmp_path)
    assert "No command is at work on it." in out
    assert ["bars3", "CD-2", "2", "1"] in [line.split() for line in out.splitlines()]


def test_a_run_is_what_its_document_says(half, tmp_path):
    found = json.loads(status("small", "--json", folder=tmp_path))
    assert found["complete"]
    assert found["cells"]["done"] == 2
    assert "Complete." in status("small", "--watch", folder=tmp_path)


def test_stale_results_are_told_with_what_has_changed(half, tmp_path):
    write(tmp_path, SMALL.replace("lr: 0.01", "lr: 0.03"))
    found = json.loads(status(half, "--json", "--why", folder=tmp_path))
    assert found["cells"]["stale"] == 2
    ((reason, count),) = found["reasons"].items()
    assert count == 2
    assert "lr" in reason
    assert "2 stale: " in status(half, "--why", folder=tmp_path)


def test_a_record_that_cannot_be_read_is_neither_stale_nor_done(half, tmp_path):
    first = sorted((tmp_path / "runs/small/cells").glob("*.json"))[0]
    first.write_text("{}")
    found = json.loads(status(half, "--json", folder=tmp_path))
    assert (found["cells"]["unreadable"], found["cells"]["done"]) == (1, 1)
    assert not found["complete"]


def test_a_run_whose_description_is_gone_says_how_to_have_it_again(half, tmp_path):
    (tmp_path / "runs/small/run.json").unlink()
    ended = ebmbench("status", "small", "--runs", tmp_path / "runs")
    assert ended.code == 2
    assert "it has records, and no run.json. Run its suite again." in ended.err


def test_why_needs_a_suite(half, tmp_path):
    ended = ebmbench("status", "small", "--why", "--runs", tmp_path / "runs")
    assert ended.code == 2
    assert "Give the suite's file" in ended.err
    ended = ebmbench("status", "nothing", "--runs", tmp_path / "runs")
    assert ended.code == 2
    assert "no such run" in ended.err


def test_what_another_process_is_at_is_seen(tmp_path, monkeypatch):
    site = tmp_path / "site"
    site.mkdir()
    (site / "awkward.py").write_text(PLUGIN)
    info = site / "awkward-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: awkward\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[ebmbench]\nawkward = awkward\n")
    monkeypatch.syspath_prepend(str(site))
    slow = suite_with("slow").replace("epochs: 3}", "epochs: 5000}", 1)
    folder = tmp_path / "work"
    process = start(site, folder, slow, "--jobs", 1, "--only", "Awkward")

    def look(*options):
        """In a process of its own: a command ends all processes that were started before it."""
        command = [sys.executable, "-m", "ebmbench", "status", "small", *options]
        where = ["--runs", str(folder / "runs")]
        return subprocess.run([*command, *where], capture_output=True, text=True).stdout

    def seen():
        if not (folder / "runs/small/run.json").is_file():
            return None
        found = json.loads(look("--json"))
        return found if any(row["epoch"] for row in found["methods"]) else None

    wait_for(seen)
    found = seen()
    assert found["cells"]["running"] == 3
    (row,) = found["methods"]
    assert row["epochs"] == 5000
    assert row["left"] > 0
    assert found["commands"][0]["process"] == process.pid
    assert "At work: process" in look()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=300)
    found = json.loads(look("--json"))
    assert found["cells"]["interrupted"] == 3
    assert found["commands"] == []


def test_methods_are_forced_by_name(half, tmp_path):
    before = {key: record["finished"] for key, record in records(tmp_path).items()}
    assert len(before) == 2
    ended = run(tmp_path, SMALL, "--jobs", 0, "--force-method", "CD-2", "--seeds", 1)
    assert "2 cells to run" in ended.out  # one again, and the one of RAPID
    ended = run(tmp_path, SMALL, "--jobs", 0, "--force-method", "CD-3")
    assert ended.code == 2
    assert "no such method: 'CD-3'" in ended.err


def test_shards_make_one_run(tmp_path):
    for number in (1, 2, 3, 4):
        assert run(tmp_path, SMALL, "--jobs", 0, "--shard", f"{number}/4").code in (0, 3)
    assert len(records(tmp_path)) == 6
    assert "0 cells to run" in run(tmp_path, SMALL, "--jobs", 0).out
    ended = run(tmp_path, SMALL, "--shard", "5/4")
    assert ended.code == 2
    assert "not a share of the cells" in ended.err


def test_complete_is_not_all_where_methods_diverged(site, tmp_path):
    run(tmp_path, suite_with("diverging"), "--jobs", 0)
    assert "Complete, and 8 of 9 cells done: 1 diverged." in status("small", folder=tmp_path)
