"""`ebmbench clean`: what nobody asks for goes, and nothing else."""

import json

import pytest

from support.command_line import ebmbench
from support.suites import SMALL, write


@pytest.fixture
def run(tmp_path):
    """A run whose suite was changed in one method, and run again."""
    for text in (SMALL, SMALL.replace("lr: 0.01", "lr: 0.03")):
        command = ("run", write(tmp_path, text), "--runs", tmp_path, "--jobs", 0, "--seeds", 1)
        assert ebmbench(*command, "--keep", "parameters").code == 0
    return tmp_path / "small"


def files(folder):
    return {file.relative_to(folder) for file in folder.rglob("*") if file.is_file()}


def test_what_no_run_asks_for_goes_and_the_run_stays_whole(run):
    before = files(run)
    told = json.loads(ebmbench("clean", run, "--json").out)
    assert not told["removed"]
    assert files(run) == before
    assert all("CD-2" in name or "inputs" in name for name in told["files"])
    ended = ebmbench("clean", run, "--yes")
    assert ended.code == 0
    assert "files of cells that no run here asks for" in ended.out
    gone = {str(run / name) for name in before - files(run)}
    assert gone == set(told["files"])
    assert len([name for name in gone if "/cells/" in name]) >= 2
    status = json.loads(ebmbench("status", run, "--json").out)
    assert status["cells"]["done"] == 2
    assert "Nothing to remove." in ebmbench("clean", run).out


def test_rests_and_checkpoints_of_finished_cells_go(run):
    ebmbench("clean", run, "--yes")
    (run / "checkpoints").mkdir(exist_ok=True)
    for file in (run / "cells/.abc.tmp", run / "claims/x.claim", run / "claims/y.owner"):
        file.parent.mkdir(exist_ok=True)
        file.write_text("x")
    kept = run / "cells/x.json.unreadable-1"
    kept.write_text("x")
    assert "not written to their end" in ebmbench("clean", run, "--yes").out
    assert not (run / "cells/.abc.tmp").exists()
    assert kept.exists()


def test_a_run_that_is_at_work_is_left_alone(run):
    from ebmbench.journal.claims import Claims

    with Claims(run).alive():
        ended = ebmbench("clean", run, "--yes")
    assert ended.code == 2
    assert "is at work on it" in ended.err


def test_no_answer_is_no(run):
    before = files(run)
    ended = ebmbench("clean", run)  # nobody there to ask
    assert (ended.code, "Give --yes" in ended.err) == (2, True)
    assert files(run) == before
