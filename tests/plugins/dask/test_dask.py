"""Runs on Dask clusters: the numbers of the local pool, whatever happens to workers."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from distributed import Client

from ebmbench_dask import Dask
from support.command_line import ebmbench
from support.runs import numbers_of, records, run, start, suite_with, values, wait_for
from support.suites import write

SLOW = suite_with("slow").replace("epochs: 3}", "epochs: 40}", 1)
PYTHON = [sys.executable, "-W", "ignore", "-m"]
NO_RETRY = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}


@contextmanager
def cluster(folder, workers, environment=None, options=()):
    """A scheduler and workers on loopback, each with a nanny that starts it again; the address."""
    file = folder / "scheduler.json"
    env = {
        **os.environ,
        **(environment or {}),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
    }
    loopback = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", file]
    worker = [*PYTHON, "distributed.cli.dask_worker", *loopback, "--nthreads", "1", *options]
    scheduler = [*PYTHON, "distributed.cli.dask_scheduler", *loopback, "--port", "0"]
    commands = [scheduler, *[worker] * workers]
    log = (folder / "cluster.log").open("w")
    started = []
    try:
        for command in commands:
            started.append(
                subprocess.Popen(list(map(str, command)), env=env, stdout=log, stderr=log)
            )
            wait_for(file.exists)
        with Client(scheduler_file=str(file), set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=200)
            yield client
    finally:
        for each in reversed(started):
            each.terminate()
        for each in started:
            each.wait(100)
        log.close()


class Finished(NamedTuple):
    code: int
    out: str
    err: str


def run_apart(site, folder, text, client, *options):
    """``ebmbench run`` on a cluster, by a process of its own: this one's children are to live."""
    where = ["--executor", "dask", "--scheduler", client.scheduler.address]
    command = start(site, folder, text, *where, *options)
    out, err = command.communicate(timeout=300)
    return Finished(command.returncode, out, err)


def epoch_reached(folder):
    """The furthest that a block is, as the command that owns it tells others."""
    owners = [file.read_bytes() for file in folder.glob("runs/small/claims/*.owner")]
    blocks = [block for owner in owners for block in json.loads(owner)["blocks"]]
    return max((block["epoch"] for block in blocks), default=0)


@pytest.fixture(scope="module")
def whole(site, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    assert run(folder, SLOW, "--jobs", 2).code == 0
    return folder


def test_a_local_cluster_gives_the_numbers_of_the_local_pool(site, whole, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(site))
    ended = run(tmp_path, SLOW, "--executor", "dask", "--jobs", 2)
    assert ended.code == 0, ended.err
    assert values(tmp_path) == values(whole)
    assert numbers_of(tmp_path) == numbers_of(whole)
    assert not [*(tmp_path / "runs/small/claims").iterdir()]


@pytest.mark.soak
def test_workers_are_killed_every_few_seconds_and_all_cells_finish(site, whole, tmp_path):
    with cluster(tmp_path, 4, {"PYTHONPATH": str(site)}) as client:
        address = client.scheduler.address
        options = ["--executor", "dask", "--scheduler", address, "--checkpoint-every", 0]
        command = start(site, tmp_path, SLOW, *options)
        wait_for(lambda: [*tmp_path.glob("runs/small/checkpoints/*.safetensors")])
        killed = 0
        while command.poll() is None and killed < 4:  # one block is lost so often at most
            process = client.run(os.getpid, on_error="ignore")
            numbers = sorted(each for each in process.values() if isinstance(each, int))
            if numbers:
                os.kill(numbers[killed % len(numbers)], signal.SIGKILL)
                killed += 1
            time.sleep(3)
        out, err = command.communicate(timeout=300)
    assert command.returncode == 0, out + err
    assert killed >= 2
    assert values(tmp_path) == values(whole)
    assert numbers_of(tmp_path) == numbers_of(whole)


@pytest.mark.soak
@pytest.mark.long
def test_a_killer_block_costs_its_own_cells_and_no_worker(site, tmp_path):
    with cluster(tmp_path, 2, {"PYTHONPATH": str(site)}) as client:
        before = client.run(os.getpid)
        ended = run_apart(site, tmp_path, suite_with("crashing"), client)
        assert client.run(os.getpid) == before
    assert ended.code == 3, ended.err
    found = records(tmp_path)
    assert {record["status"] for (method, _), record in found.items() if method != "Awkward"} == {
        "done"
    }
    assert "at each of 2 attempts" in found["Awkward", 0]["reason"]
    assert found["Awkward", 0]["failure"]["exit_code"] == 9


def test_what_workers_lack_is_named_before_anything_runs(site, tmp_path):
    with cluster(tmp_path, 1) as client:
        ended = run_apart(site, tmp_path, suite_with("slow"), client)
    assert ended.code == 2
    assert "worker tcp://127.0.0.1" in ended.err
    assert "No module named 'awkward'" in ended.err
    assert "Traceback" not in ended.err
    assert not (tmp_path / "runs").exists()


@pytest.mark.soak
@pytest.mark.long
def test_ctrl_c_lets_blocks_on_workers_store_where_they_stand(site, whole, tmp_path):
    with cluster(tmp_path, 2, {"PYTHONPATH": str(site)}) as client:
        options = ["--executor", "dask", "--scheduler", client.scheduler.address]
        command = start(site, tmp_path, SLOW, "--only", "Awkward", *options)
        wait_for(lambda: epoch_reached(tmp_path))
        command.send_signal(signal.SIGINT)
        _, err = command.communicate(timeout=200)
        assert command.returncode == 130, err
        assert [*(tmp_path / "runs/small/checkpoints").glob("*.safetensors")]
        again = run_apart(site, tmp_path, SLOW, client)
    assert again.code == 0, again.err
    assert "goes on from epoch" in again.out
    assert values(tmp_path) == values(whole)


@pytest.mark.soak
def test_a_scheduler_that_dies_is_told_and_the_command_goes_on_later(site, tmp_path):
    with cluster(tmp_path, 1, {"PYTHONPATH": str(site)}) as client:
        where = ["--executor", "dask", "--scheduler", client.scheduler.address]
        command = start(site, tmp_path, SLOW, "--checkpoint-every", 0, *where)
        wait_for(lambda: epoch_reached(tmp_path))
        scheduler = client.run_on_scheduler(os.getpid)
        os.kill(scheduler, signal.SIGKILL)
        out, err = command.communicate(timeout=200)
    assert command.returncode == 2, out + err
    assert "the scheduler is gone" in err
    assert "the same command goes on" in err
    assert "Traceback" not in err
    assert not [*(tmp_path / "runs/small/claims").iterdir()]


def test_places_are_what_workers_say_of_themselves(tmp_path):
    declared = ["--resources", "GPU=1 MEMORY=5e9"]
    with (
        cluster(tmp_path, 1, options=declared) as client,
        Dask(Dask.Options(scheduler=client.scheduler.address)) as executor,
    ):
        (place,) = executor.places()
        assert place.name.startswith("tcp://127.0.0.1")
        assert (place.tasks, place.memory, place.gpus) == (1, 5e9, 1)
        assert executor.slots == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--scheduler", "tcp://127.0.0.1:1", "--executor-option", "wait=1"], "--scheduler: 'tcp:"),
        (["--scheduler", "nonsense", "--executor-option", "wait=1"], "--scheduler: 'nonsense'"),
        (["--executor-option", "wate=1"], "Did you mean 'wait'?"),
        (["--executor-option", "wait=soon"], "--executor-option: wait"),
        (["--executor-option", "wait"], "'wait' has no '='"),
    ],
    ids=["nobody answers", "no address", "misspelt", "no number", "no value"],
)
def test_wrong_options_are_told_with_place_and_remedy(options, said, tmp_path):
    ended = ebmbench(
        "run", write(tmp_path), "--runs", tmp_path / "runs", "--executor", "dask", *options
    )
    assert ended.code == 2
    assert said in ended.err
    assert "Traceback" not in ended.err


def test_an_executor_that_is_not_there_is_told(tmp_path):
    ended = ebmbench("run", write(tmp_path), "--executor", "dusk")
    assert ended.code == 2
    assert "no such executor: 'dusk'" in ended.err
    assert "Did you mean 'dask'?" in ended.err
    ended = ebmbench("run", write(tmp_path), "--scheduler", "tcp://head:8786")
    assert ended.code == 2
    assert "--executor NAME" in ended.err
