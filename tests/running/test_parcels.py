"""Machines that share no folder: records, pictures and checkpoints are sent back, and no more."""

from dataclasses import replace

import pytest

from ebmbench.api.executors import ExecutorChoice
from ebmbench.executors import LocalPool, Place
from ebmbench.journal.parcel import Parcel
from support.runs import numbers_of, run, suite_with, values

SUITE = suite_with("slow").replace("epochs: 3}", "epochs: 6}", 1)


class Apart(LocalPool):
    """Worker processes that take the run's folder for another machine's."""

    def places(self):
        return [Place("elsewhere", 2)]

    def submit(self, number, task, place=None):
        blind = replace(task, owner="nobody") if hasattr(task, "owner") else task
        super().submit(number, blind)


@pytest.fixture
def apart(monkeypatch):
    """Runs are worked at elsewhere."""
    monkeypatch.setattr("ebmbench.api.executors.LocalPool", Apart)
    assert not ExecutorChoice().here


def test_records_and_pictures_come_back_as_they_would_be_written(
    site, apart, tmp_path, monkeypatch
):
    assert run(tmp_path / "apart", SUITE, "--jobs", 2, "--keep", "parameters").code == 0
    monkeypatch.undo()
    assert run(tmp_path / "here", SUITE, "--jobs", 2, "--keep", "parameters").code == 0
    assert values(tmp_path / "apart") == values(tmp_path / "here")
    assert numbers_of(tmp_path / "apart") == numbers_of(tmp_path / "here")
    names = [
        sorted(file.name for file in (tmp_path / each / "runs/small").rglob("*.safetensors"))
        for each in ("apart", "here")
    ]
    assert names[0] == names[1]
    assert names[0]


def test_a_block_that_dies_elsewhere_goes_on_from_the_checkpoint_that_came_back(
    site, apart, tmp_path, monkeypatch
):
    monkeypatch.setenv("CRASHED", str(tmp_path / "crashed"))
    suite = suite_with("crashing-once").replace("epochs: 3}", "epochs: 6}", 1)
    ended = run(tmp_path, suite, "--jobs", 1, "--only", "Awkward", "--checkpoint-every", 0)
    assert ended.code == 0, ended.err
    assert not [*(tmp_path / "runs/small/checkpoints").glob("*")]


def test_what_is_not_named_after_a_cell_is_not_written(tmp_path):
    files = {
        ("cells", "mine.json"): b"1",
        ("cells", "mine.parameters.safetensors"): b"2",
        ("checkpoints", "mine-1.safetensors"): b"3",
        ("cells", "other.json"): b"4",
        ("cells", "../mine.json"): b"5",
        ("..", "mine.json"): b"6",
        ("/tmp", "mine.json"): b"7",
        ("checkpoints", "mine-7.safetensors"): b"8",
    }
    Parcel(files).unpack(tmp_path / "run", ["mine"])
    written = {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()}
    assert written == {
        "run/cells/mine.json",
        "run/cells/mine.parameters.safetensors",
        "run/checkpoints/mine-1.safetensors",
    }
