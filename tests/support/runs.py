"""Runs of a small suite with a plugin of awkward samplers, in this process or in one of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.command_line import ebmbench
from support.suites import SMALL, write

PLUGIN = '''
import multiprocessing, os, time, torch
from ebmbench import Metric, NegativePhase, Particles, Sampler, hookimpl

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

class CrashingOnce(Awkward):
    """Crashes the first time that it is asked, whoever asks; and says so."""
    name = "crashing-once"
    def misbehave(self, model):
        if not os.path.exists(os.environ["CRASHED"]):
            open(os.environ["CRASHED"], "w").close()
            print("now it happens", flush=True)
            os.kill(os.getpid(), 11)

class Greedy(Awkward):
    """Finds no memory for more than two replicas."""
    name = "greedy"
    def misbehave(self, model):
        if model.replicas > 2:
            raise MemoryError("no more")

class Killed(Awkward):
    """Is killed where it has more than one replica, as where memory runs out."""
    name = "killed"
    def misbehave(self, model):
        if model.replicas > 1:
            print("so large", flush=True)
            os.kill(os.getpid(), 9)

class Hanging(Awkward):
    name = "hanging"
    def misbehave(self, model):
        time.sleep(600)

class Slow(Awkward):
    name = "slow"
    def misbehave(self, model):
        time.sleep(0.05)
        if "TRAINING" in os.environ:
            open(os.environ["TRAINING"], "w").close()

class Diverging(Awkward):
    name = "diverging"
    def negative_phase(self, model, batch, state, noise):
        phase = tuple(part.clone() for part in model.phase(batch))
        phase[0][1:2] = float("nan")
        return NegativePhase(phase, state, None)

class Unbuildable(Awkward):
    name = "unbuildable"
    def __init__(self, options, kernel):
        raise RuntimeError("not today")

@hookimpl
def ebmbench_samplers():
    return [Raising, Crashing, CrashingOnce, Greedy, Killed, Hanging, Slow, Diverging, Unbuildable]
'''


@pytest.fixture(scope="module", autouse=True)
def site(tmp_path_factory):
    """A folder of packages with a plugin of awkward samplers, for this process and its workers."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "awkward.py").write_text(PLUGIN)
    info = folder / "awkward-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: awkward\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[ebmbench]\nawkward = awkward\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield folder
    sys.modules.pop("awkward", None)


def suite_with(sampler, more=""):
    method = f"  Awkward: {{extends: CD-2, sampler: {{name: {sampler}}}}}\ntrain:"
    return SMALL.replace("train:", method, 1).replace("epochs: 3}", f"epochs: 3{more}}}", 1)


def run(folder, text, *arguments):
    """``ebmbench run`` in this process; its workers, if any, are processes of their own."""
    folder.mkdir(exist_ok=True)
    return ebmbench("run", write(folder, text), "--runs", folder / "runs", *arguments)


def start(site, folder, text, *arguments):
    """``ebmbench run`` in a process of its own, which can be killed."""
    folder.mkdir(exist_ok=True)
    options = ["--runs", folder / "runs", *arguments]
    command = [sys.executable, "-m", "ebmbench", "run", write(folder, text), *options]
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(site), "TRAINING": str(folder / "training")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_ctrl_c,
    )


def heed_ctrl_c():
    """As in a terminal: a shell lets what it starts in the background ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def records(folder):
    files = sorted((Path(folder) / "runs/small/cells").glob("*.json"))
    return {(r["method"], r["seed"]): r for r in map(json.loads, map(Path.read_text, files))}


def values(folder):
    return {
        key: {name: curve["value"] for name, curve in record["curves"].items()}
        for key, record in records(folder).items()
    }


def wait_for(condition, seconds=200):
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
