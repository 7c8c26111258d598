"""Long blocks that are interrupted go on from where they stood; what cannot is told."""

import signal
import time

import pytest
from safetensors.numpy import save_file

from ebmbench.executors.stopping import Stopping
from ebmbench.journal.checkpoints import read
from ebmbench.journal.journal import Journal
from support.runs import numbers_of, records, run, start, suite_with, values, wait_for

# A sampler that waits a moment in each update: what is trained takes a few seconds.
SLOW = suite_with("slow").replace("epochs: 3}", "epochs: 40}", 1)
ONE = ("--only", "Awkward")


def checkpoints(folder):
    return list(Journal(folder / "runs/small").checkpoints)


def epoch_of(folder):
    found = checkpoints(folder)
    return found[0].epoch if found else 0


@pytest.fixture(scope="module")
def whole(site, tmp_path_factory):
    """What an uninterrupted run gives."""
    folder = tmp_path_factory.mktemp("whole")
    assert run(folder, SLOW, *ONE, "--jobs", 0).code == 0
    assert not checkpoints(folder)
    return folder


@pytest.mark.parametrize(
    ("number", "jobs", "code"),
    [(signal.SIGINT, 1, 130), (signal.SIGTERM, 1, 130), (signal.SIGINT, 0, 130),
     (signal.SIGTERM, 0, 130), (signal.SIGKILL, 1, -9)],
)  # fmt: skip
def test_a_block_goes_on_where_it_was_interrupted(number, jobs, code, site, whole, tmp_path):
    every = 0.2 if number == signal.SIGKILL else 1000
    process = start(site, tmp_path, SLOW, *ONE, "--jobs", jobs, "--checkpoint-every", every)
    if number == signal.SIGKILL:
        wait_for(lambda: epoch_of(tmp_path) >= 3)
    else:
        train_for_a_while(tmp_path)
    process.send_signal(number)
    out, err = process.communicate(timeout=300)
    assert process.returncode == code, err
    assert "Traceback" not in out + err
    if number != signal.SIGKILL:
        assert "1 block goes on from its checkpoint" in out
    reached = epoch_of(tmp_path)
    assert reached >= 3
    assert not records(tmp_path)
    ended = run(tmp_path, SLOW, *ONE, "--jobs", 1)
    assert ended.code == 0, ended.err
    assert f"from epoch {reached}" in ended.out
    assert values(tmp_path) == values(whole)
    assert numbers_of(tmp_path) == numbers_of(whole)
    assert not checkpoints(tmp_path)


def train_for_a_while(folder):
    """Wait until a process trains there, and for some epochs more."""
    wait_for((folder / "training").is_file)
    time.sleep(1.5)


def begun(site, folder):
    """A run whose only block was interrupted; its checkpoint."""
    process = start(site, folder, SLOW, *ONE, "--jobs", 0)
    train_for_a_while(folder)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=300)
    (checkpoint,) = checkpoints(folder)
    return checkpoint


def test_a_spoilt_checkpoint_is_told_and_the_block_begins(site, whole, tmp_path):
    checkpoint = begun(site, tmp_path)
    content = checkpoint.file.read_bytes()
    checkpoint.file.write_bytes(content[: len(content) // 2])
    ended = run(tmp_path, SLOW, *ONE, "--jobs", 0)
    assert ended.code == 0
    assert "not a checkpoint" in ended.err
    assert values(tmp_path) == values(whole)


def test_a_checkpoint_of_other_options_is_not_used(site, tmp_path):
    checkpoint = begun(site, tmp_path)
    ended = run(tmp_path, SLOW.replace("lr: 0.01", "lr: 0.02"), *ONE, "--jobs", 0)
    assert ended.code == 0
    assert "from epoch" not in ended.out
    assert "of other code or options" in ended.err
    assert checkpoint.file.is_file()


def test_a_checkpoint_of_cells_that_are_finished_goes(site, tmp_path):
    checkpoint = begun(site, tmp_path)
    assert run(tmp_path, SLOW, *ONE, "--jobs", 0, "--force").code == 0
    assert not checkpoint.file.exists()


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"format": "2", "checkpoint": "{}"},
        {"format": "1", "checkpoint": "{}"},
        {"format": "1", "checkpoint": "[" * 100_000},
        {"format": "1", "checkpoint": '{"cells": [], "epoch": 1, "epochs": 2, "tree": []}'},
        {"format": "1", "checkpoint": '{"cells": [3], "epoch": 1, "epochs": 2, "tree": []}'},
    ],
)
def test_what_is_no_checkpoint_is_told_as_that(metadata, tmp_path):
    from ebmbench.journal.stored import UnreadableError

    file = tmp_path / "x.safetensors"
    save_file({}, file, metadata=metadata)
    with pytest.raises(UnreadableError, match="not a checkpoint"):
        read(file)


def test_the_second_ctrl_c_interrupts_at_once():
    stopping = Stopping()
    with stopping.on_first_signal():
        signal.raise_signal(signal.SIGINT)
        assert stopping.is_asked
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
