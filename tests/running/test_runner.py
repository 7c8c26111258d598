"""Running: what is missing, and nothing else; crashes, hangs, divergence, kill -9, Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ebmbench.plan.plan import block_sizes
from support.suites import SMALL, write

PLUGIN = '''
import multiprocessing, os, time, torch
from ebmbench import Metric, Particles, Sampler, hookimpl

class Blind(Metric):
    """A metric that fails once training has begun, for tests."""
    name = "blind"
    def measure(self, view):
        if view.epoch:
            raise LookupError("nothing to see")
        return {"": torch.ones(view.model.replicas)}

@hookimpl
def ebmbench_metrics():
    return [Blind]

class Awkward(Sampler):
    """A sampler that misbehaves in the way asked for, for tests."""
    def negative_phase(self, model, batch, state, noise):
        self.misbehave(model)
        return super().negative_phase(model, batch, state, noise)
    def particles(self, model, batch, state, noise):
        return Particles(batch.v), state

if multiprocessing.parent_process() and "UNLOADABLE" in os.environ:
    raise ImportError("not here")

class Raising(Awkward):
    name = "raising"
    def misbehave(self, model):
        raise ArithmeticError("it does not add up")

class Crashing(Awkward):
    name = "crashing"
    def misbehave(self, model):
        os._exit(9)

class Hanging(Awkward):
    name = "hanging"
    def misbehave(self, model):
        time.sleep(600)

class Slow(Awkward):
    name = "slow"
    def misbehave(self, model):
        time.sleep(0.05)

class Diverging(Awkward):
    name = "diverging"
    def misbehave(self, model):
        with torch.no_grad():
            model.W[1:2] = float("nan")

class Unbuildable(Awkward):
    name = "unbuildable"
    def __init__(self, options, kernel):
        raise RuntimeError("not today")

@hookimpl
def ebmbench_samplers():
    return [Raising, Crashing, Hanging, Slow, Diverging, Unbuildable]
'''


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """An environment in which a plugin with awkward samplers is installed."""
    site = tmp_path_factory.mktemp("site")
    (site / "awkward.py").write_text(PLUGIN)
    info = site / "awkward-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: awkward\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[ebmbench]\nawkward = awkward\n")
    return {**os.environ, "PYTHONPATH": str(site)}


def suite_with(sampler, more=""):
    method = f"  Awkward: {{extends: CD-2, sampler: {{name: {sampler}}}}}\ntrain:"
    return SMALL.replace("train:", method, 1).replace("epochs: 3}", f"epochs: 3{more}}}", 1)


def start(environment, folder, text, *arguments):
    command = [sys.executable, "-m", "ebmbench", "run", write(folder, text), *arguments]
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_ctrl_c,
    )


def heed_ctrl_c():
    """As in a terminal: a shell lets what it starts in the background ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run(environment, folder, text, *arguments):
    process = start(environment, folder, text, *arguments)
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


def records(folder):
    files = sorted((Path(folder) / "runs/small/cells").glob("*.json"))
    return {(r["method"], r["seed"]): r for r in map(json.loads, map(Path.read_text, files))}


def values(folder):
    return {
        key: {name: curve["value"] for name, curve in record["curves"].items()}
        for key, record in records(folder).items()
    }


@pytest.mark.parametrize("jobs", ["0", "2"])
def test_a_finished_run_runs_nothing_again(jobs, environment, tmp_path):
    assert run(environment, tmp_path, SMALL, "--jobs", jobs)[0] == 0
    before = {file: file.stat().st_mtime_ns for file in tmp_path.glob("runs/small/cells/*")}
    assert len(before) == 6
    code, out, _ = run(environment, tmp_path, SMALL, "--jobs", jobs)
    assert code == 0
    assert "0 cells to run" in out
    assert before == {file: file.stat().st_mtime_ns for file in tmp_path.glob("runs/small/cells/*")}
    assert run(environment, tmp_path, SMALL, "--jobs", jobs, "--force")[0] == 0
    assert all(file.stat().st_mtime_ns > then for file, then in before.items())


def test_workers_and_blocks_change_no_number(environment, tmp_path):
    folders = [tmp_path / name for name in ("here", "workers", "seeds")]
    for folder in folders:
        folder.mkdir()
    run(environment, folders[0], SMALL, "--jobs", "0")
    run(environment, folders[1], SMALL, "--jobs", "2")
    for seeds in ("[2]", "[0, 2]", "3"):
        run(environment, folders[2], SMALL, "--jobs", "0", "--seeds", seeds)
    assert values(folders[0]) == values(folders[1]) == values(folders[2])
    assert all(r["environment"]["threads"] == 1 for r in records(folders[1]).values())


@pytest.mark.parametrize(
    ("sampler", "more", "says"),
    [
        ("raising", "", "ArithmeticError: it does not add up"),
        ("crashing", "", "its process died (exit code 9)"),
        ("hanging", ", time_limit: 12", "longer than the suite's time limit of 12 s"),
    ],
)
def test_a_failed_block_is_recorded_with_its_reason_and_ends_nothing(
    sampler, more, says, environment, tmp_path
):
    code, out, err = run(environment, tmp_path, suite_with(sampler, more), "--jobs", "1")
    assert code == 3, err
    assert "Traceback" not in err
    found = records(tmp_path)
    assert len(found) == 9
    for (method, _), record in found.items():
        assert record["status"] == ("failed" if method == "Awkward" else "done")
    assert says in found["Awkward", 0]["reason"]
    report = (tmp_path / "runs/small/report/README.md").read_text()
    assert says in report
    assert says.split()[0] in out


def test_a_plugin_that_does_not_load_in_a_worker_fails_its_own_cells_only(environment, tmp_path):
    unloadable = {**environment, "UNLOADABLE": "1"}
    code, _, _ = run(unloadable, tmp_path, suite_with("raising"), "--jobs", "1")
    assert code == 3
    found = records(tmp_path)
    assert "ImportError: not here" in found["Awkward", 0]["reason"]
    assert found["CD-2", 0]["status"] == "done"


def test_a_component_that_cannot_be_built_is_told_before_anything_runs(environment, tmp_path):
    code, _, err = run(environment, tmp_path, suite_with("unbuildable"))
    assert code == 2
    assert "methods.Awkward: cannot be built for bars3: RuntimeError: not today (File" in err
    assert "Traceback" not in err
    assert not (tmp_path / "runs").exists()


def test_failed_cells_run_again_when_asked(environment, tmp_path):
    text = suite_with("raising")
    assert run(environment, tmp_path, text, "--jobs", "0")[0] == 3
    _, out, _ = run(environment, tmp_path, text, "--jobs", "0")
    assert "0 cells to run" in out
    _, out, _ = run(environment, tmp_path, text, "--jobs", "0", "--retry-failed")
    assert "3 cells to run" in out


def test_a_diverged_replica_is_marked_and_the_others_go_on(environment, tmp_path):
    text = suite_with("diverging").replace("  - {name: nll", "  - {name: spectrum}\n  - {name: nll")
    code, _, _ = run(environment, tmp_path, text, "--jobs", "0")
    assert code == 3
    found = records(tmp_path)
    states = [found["Awkward", seed]["status"] for seed in range(3)]
    assert states == ["done", "diverged", "done"]
    assert "no longer finite after epoch 1" in found["Awkward", 1]["reason"]
    curve = found["Awkward", 1]["curves"]["hamming.test"]["value"]
    assert curve[0] is not None
    assert curve[1:] == [None] * (len(curve) - 1)
    assert None not in found["Awkward", 2]["curves"]["hamming.test"]["value"]


def test_a_failing_metric_costs_neither_the_training_nor_the_other_metrics(environment, tmp_path):
    text = SMALL.replace("  - {name: nll", "  - {name: blind}\n  - {name: nll")
    code, out, _ = run(environment, tmp_path, text, "--jobs", "0")
    assert code == 3
    for record in records(tmp_path).values():
        assert record["status"] == "done"
        assert record["curves"]["blind"]["epoch"] == [0]
        assert record["curves"]["nll.test"]["epoch"][-1] == 3
        assert "at epoch 1: LookupError: nothing to see (File" in record["unmeasured"]["blind"]
    assert "without blind" in out
    _, out, _ = run(environment, tmp_path, text, "--jobs", "0")
    assert "0 cells to run" in out
    _, out, _ = run(environment, tmp_path, text, "--jobs", "0", "--retry-failed")
    assert "6 cells to run" in out


SLOW = suite_with("slow").replace("epochs: 3}", "epochs: 30}", 1)


def test_kill_9_loses_only_what_was_not_finished(environment, tmp_path):
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    killed.mkdir(), whole.mkdir()
    process = start(environment, killed, SLOW, "--jobs", "1")
    wait_for(lambda: len(records(killed)) >= 3)
    process.kill()
    process.communicate()
    before = {file: file.stat().st_mtime_ns for file in killed.glob("runs/small/cells/*.json")}
    assert 3 <= len(before) < 9
    time.sleep(2)  # its worker ends with it, and writes nothing more
    assert len(records(killed)) == len(before)
    assert run(environment, killed, SLOW, "--jobs", "1")[0] == 0
    assert (
        before.items()
        <= {
            file: file.stat().st_mtime_ns for file in killed.glob("runs/small/cells/*.json")
        }.items()
    )
    assert run(environment, whole, SLOW, "--jobs", "2")[0] == 0
    assert values(killed) == values(whole)
    assert numbers_of(killed) == numbers_of(whole)


def test_ctrl_c_says_how_to_go_on_and_leaves_a_resumable_run(environment, tmp_path):
    process = start(environment, tmp_path, SLOW, "--jobs", "1")
    wait_for(lambda: len(records(tmp_path)) >= 3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Interrupted." in out
    assert "goes on from here" in out
    assert "Traceback" not in out + err
    assert run(environment, tmp_path, SLOW, "--jobs", "1")[0] == 0
    assert len(records(tmp_path)) == 9


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def numbers_of(folder):
    """The summary less everything measured with a clock."""
    text = (folder / "runs/small/report/summary.json").read_text()
    return without_clock(json.loads(text))


def without_clock(tree):
    if isinstance(tree, dict):
        clock = ("seconds", "cost", "negative_ratio", "command", "environment", "blocks")
        return {key: without_clock(each) for key, each in tree.items() if key not in clock}
    return [without_clock(each) for each in tree] if isinstance(tree, list) else tree


def test_blocks_are_no_larger_than_allowed_and_keep_all_workers_busy():
    assert list(block_sizes(5, 1000, 2)) == [3, 2]
    assert list(block_sizes(10, 4, 2)) == [4, 3, 3]
    assert list(block_sizes(3, 1, 2)) == [1, 1, 1]
    assert list(block_sizes(1, 12, 2)) == [1]
