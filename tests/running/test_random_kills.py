"""A run that is killed again and again, in every way, ends as one that never was."""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from support.runs import numbers_of, records, run, start, suite_with, values, wait_for

SUITE = suite_with("slow").replace("epochs: 3}", "epochs: 100}", 1).replace("seeds: 3", "seeds: 4")
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
OPTIONS = ("--jobs", 2, "--checkpoint-every", 0, "--retry-failed")


@pytest.mark.soak
@pytest.mark.parametrize("least", [3, pytest.param(50, marks=pytest.mark.long)])
def test_random_kills_lose_nothing_and_repeat_nothing(least, site, tmp_path):
    chance, whole, folder = random.Random(1), tmp_path / "whole", tmp_path / "killed"
    assert run(whole, SUITE, *OPTIONS).code == 0
    kills, rounds, told, finished = 0, 0, "", {}
    while kills < least:
        command = start(site, folder, SUITE, *OPTIONS)
        how = chance.choice(SIGNALS)
        if how == signal.SIGINT:  # Python itself answers it until our code is there
            wait_for(lambda: command.poll() is not None or is_at_work(folder, command.pid))  # noqa: B023
        time.sleep(chance.uniform(0, 9))
        if chance.random() < 0.5:
            kills += kill_a_worker(command.pid, chance)
            time.sleep(chance.uniform(0, 3))
        if command.poll() is None:
            command.send_signal(how)
            kills += 1
        out, err = command.communicate(timeout=300)
        told += out + err
        assert "Traceback" not in out + err, err
        finished = seen(folder, finished)
        if command.returncode == 0:
            rounds += 1
            check(folder, whole)
            finished = {}
            folder = tmp_path / f"killed-{rounds}"
    command = start(site, folder, SUITE, *OPTIONS)
    out, err = command.communicate(timeout=600)
    assert command.returncode == 0, err
    seen(folder, finished)
    check(folder, whole)
    assert least < 50 or "goes on from epoch" in told


def is_at_work(folder, process):
    """Whether a command says so."""
    owners = folder.glob("runs/small/claims/*.owner")
    return any(f'"process":{process},'.encode() in read(owner) for owner in owners)


def check(folder, whole):
    """All is as in a run that was never interrupted, and nothing is left over."""
    assert values(folder) == values(whole)
    assert numbers_of(folder) == numbers_of(whole)
    assert not [*(folder / "runs/small/checkpoints").glob("*.safetensors")]


def seen(folder, before):
    """When each cell was finished; what was finished before was not trained again."""
    now = {
        key: (record["started"], record["finished"], record["block"])
        for key, record in records(folder).items()
        if record["status"] == "done"
    }
    assert before.items() <= now.items()
    return now


def kill_a_worker(command, chance):
    """Send a signal to a process that the command has started; whether there was one."""
    children = []
    for each in Path(f"/proc/{command}/task").glob("*/children"):
        children += each.read_text().split()
    workers = [
        int(each) for each in children if b"spawn_main" in read(Path(f"/proc/{each}/cmdline"))
    ]
    if not workers:
        return 0
    try:
        os.kill(chance.choice(workers), chance.choice(SIGNALS))
    except ProcessLookupError:
        return 0
    return 1


def read(file):
    try:
        return file.read_bytes()
    except OSError:
        return b""
