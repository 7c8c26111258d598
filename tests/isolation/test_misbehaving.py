"""Components that misbehave, wherever they are asked, in every way: named, and of no consequence.

Each place with each way: a command goes on without the component, or ends with 2 before anything
runs, and prints a document that holds nothing else.
"""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ebmbench_gibbs.cd import CD
from support.command_line import ebmbench
from support.suites import write

PROJECT = Path(__file__).parents[1] / "thirdparty" / "ebmbench-misbehaving"


def module(name):
    spec = importlib.util.spec_from_file_location(name, PROJECT / f"{name}.py")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


WAYS = list(module("misbehaviour").WAYS)
HARMLESS = ["print", "fork"]  # what was asked for comes after
FATAL = ["vanish", "segfault", "hang"]  # only another process notices
HARMFUL = [way for way in WAYS if way not in HARMLESS]
RAISING = [way for way in HARMFUL if way not in FATAL]
SAYS = {
    "raise": "ArithmeticError: it does not add up",
    "interrupt": "KeyboardInterrupt",
    "rude": "Rude: not today",
    "unprintable": "UnprintableError: what it says cannot be printed",
    "exit": "SystemExit: 7",
    "exit0": "SystemExit: 0",
    "vanish": "ended its process (exit code 0)",
    "segfault": "crashed its process (Segmentation fault)",
    "hang": "took longer than 5 s (EBMBENCH_PATIENCE says how long a step may take)",
}
COSTS = {
    "text": "the cost is a str, not a Cost",
    "text in it": "the cost counts macs by a str, not a number",
    "huge": "the macs that the cost counts are no number from 0 to 1e+18",
    "nan": "the bytes that the cost counts are no number",
    "infinite": "the randoms that the cost counts are no number",
    "negative": "the macs that the cost counts are no number",
}
PLUGIN = """
from ebmbench import Sampler, hookimpl
from misbehaviour import WAYS

{at_import}

class Mine(Sampler):
    '''<dF>_model by nobody.'''
    name = "{name}"

@hookimpl
def ebmbench_samplers():
    {in_hook}
    return [Mine]
"""
SUITE = """
suite: small
seeds: 1
datasets:
  bars3: {{name: bars, size: 3}}
{datasets}
methods:
  CD-2:
    model: {{name: rbm, hidden: 7}}
    sampler: {{name: cd, k: 2}}
    optimizer: {{name: adam, lr: 0.01}}
    batch: {{size: 2}}
{methods}
train: {{epochs: 1}}
metrics:
  - {{name: hamming, samples: 7}}
{metrics}
"""


def describe(folder, name, plugins):
    """Make a folder of modules look installed."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    points = "".join(f"{plugin} = {plugin}\n" for plugin in plugins)
    (info / "entry_points.txt").write_text(f"[ebmbench]\n{points}")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder of packages with the components that misbehave."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(PROJECT, folder, dirs_exist_ok=True)
    describe(folder, "misbehaving", ["misbehaving"])
    return folder


@pytest.fixture
def here(site, monkeypatch):
    """The same, for commands in this process."""
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setenv("EBMBENCH_PATIENCE", "5")
    yield
    for name in ("misbehaving", "misbehaviour"):
        sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """A folder of packages that misbehave as they are imported, or in a hook, each in its way."""
    folder = tmp_path_factory.mktemp("broken")
    shutil.copy(PROJECT / "misbehaviour.py", folder)
    names = [f"{place}_{way}" for place in ("import", "hook") for way in WAYS]
    for name in names:
        place, way = name.split("_")
        act = f"WAYS['{way}']()"
        at_import, in_hook = (act, "pass") if place == "import" else ("", act)
        source = PLUGIN.format(name=name, at_import=at_import, in_hook=in_hook)
        (folder / f"{name}.py").write_text(source)
    describe(folder, "broken", names)
    return folder


def start(site, *arguments, **variables):
    environment = {"PYTHONPATH": str(site), "EBMBENCH_PATIENCE": "5", **variables}
    return subprocess.Popen(
        [sys.executable, "-m", "ebmbench", *map(str, arguments)],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def document(site, *arguments, **variables):
    """Exit code, document and stderr of a command in a process of its own."""
    process = start(site, *arguments, "--json", **variables)
    out, err = process.communicate(timeout=300)
    assert "Traceback" not in err
    return process.returncode, json.loads(out), err


def method(name, place, way, hidden=7):
    sampler = f"{{name: misbehaving-sampler, place: {place}, by: {way}}}"
    return f"  {name}: {{extends: CD-2, model: {{hidden: {hidden}}}, sampler: {sampler}}}\n"


def metric(way, hidden):
    options = f"place: measure, by: {way}, hidden: {hidden}, as: measured_{way}"
    return f"  - {{name: misbehaving-metric, {options}}}\n"


def suite(datasets="", methods="", metrics=""):
    return SUITE.format(datasets=datasets, methods=methods, metrics=metrics)


def require_no_fork_alive(forks):
    """There were forks, and none of them is left."""
    with forks.open("r+") as file:
        assert file.read()
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # or else: BlockingIOError


def test_plugins_that_misbehave_are_named_and_the_others_are_there(broken, tmp_path):
    code, listed, err = document(broken, "plugins", FORKS=str(tmp_path / "forks"))
    assert code == 0
    found = {each["name"]: each for each in listed["plugins"]}
    for place in ("import", "hook"):
        for way in HARMFUL:
            told = found[f"{place}_{way}"]
            assert told["state"] == "broken"
            assert SAYS[way] in told["why"]
        for way in HARMLESS:
            assert found[f"{place}_{way}"]["brings"] == {"samplers": [f"{place}_{way}"]}
    assert found["gibbs"]["state"] == "loaded"
    assert err.count("misbehaving, past Python") == 2
    require_no_fork_alive(tmp_path / "forks")


def test_what_misbehaves_in_the_plan_is_named_before_anything_runs(site, tmp_path):
    places = ("constructor", "supports", "start", "cost")
    methods = "".join(method(f"{place} {way}", place, way) for place in places for way in WAYS)
    methods += "".join(method(f"cost {way}", "cost", way) for way in COSTS)
    datasets = "".join(
        f"  load {way}: {{name: misbehaving-dataset, place: load, by: {way}}}\n" for way in HARMFUL
    )
    forks = tmp_path / "forks"
    file = write(tmp_path, suite(datasets, methods))
    code, said, err = document(site, "validate", file, FORKS=str(forks))
    assert code == 2
    found = {each["path"]: each["problem"] for each in said["problems"]}
    for place in places:
        for way in HARMFUL:
            told = found.pop(f"methods.{place} {way}")
            assert "cannot be built for bars3: sampler 'misbehaving-sampler': " in told
            assert SAYS[way] in told
    for way in HARMFUL:
        told = found.pop(f"datasets.load {way}")
        assert f"cannot be loaded: dataset 'misbehaving-dataset': {SAYS[way]}" in told
    for way, says in COSTS.items():
        assert says in found.pop(f"methods.cost {way}")
    assert not found
    assert "misbehaving, past Python" in err
    require_no_fork_alive(forks)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("place", ["constructor", "supports"])
def test_a_metric_that_misbehaves_in_the_plan_is_named(place, way, here, tmp_path):
    line = f"  - {{name: misbehaving-metric, place: {place}, by: {way}}}\n"
    ended = ebmbench("validate", write(tmp_path, suite(metrics=line)))
    assert ended.code == (0 if way in HARMLESS else 2), ended.err
    assert way in HARMLESS or f"metric 'misbehaving-metric': {SAYS[way]}" in ended.err


@pytest.mark.parametrize("way", WAYS)
def test_a_dataset_whose_files_misbehave_is_named(way, here, tmp_path):
    line = f"  mine: {{name: misbehaving-dataset, place: files, by: {way}}}\n"
    ended = ebmbench("validate", write(tmp_path, suite(line)))
    assert ended.code == (0 if way in HARMLESS else 2), ended.err
    assert way in HARMLESS or f"dataset 'misbehaving-dataset': {SAYS[way]}" in ended.err


def records(folder):
    files = (folder / "runs/small/cells").glob("*.json")
    return {record["method"]: record for record in map(json.loads, map(Path.read_text, files))}


def ran(site, tmp_path, text, *options, **variables):
    """A run's records, after a look at its exit code and document."""
    arguments = ("--runs", tmp_path / "runs", *options)
    code, said, err = document(site, "run", write(tmp_path, text), *arguments, **variables)
    assert code == said["exit_code"] == 3
    assert "plugin 'misbehaving' changes torch's default dtype: put back." in err
    return records(tmp_path)


def test_what_misbehaves_in_training_or_measuring_costs_its_own_cells_or_values(site, tmp_path):
    ways = [*RAISING, *HARMLESS]
    methods = "".join(method(f"particles {way}", "particles", way) for way in ways)
    metrics = "".join(metric(way, hidden=7) for way in ways)
    found = ran(site, tmp_path, suite("", methods, metrics), "--jobs", 0)
    for way in RAISING:
        assert found[f"particles {way}"]["status"] == "failed"
        assert SAYS[way] in found[f"particles {way}"]["reason"]
        assert SAYS[way] in found["CD-2"]["unmeasured"][f"measured_{way}"]
    for way in HARMLESS:
        assert found[f"particles {way}"]["status"] == "done"
        assert found["CD-2"]["curves"][f"measured_{way}"]["value"]
    assert set(found["CD-2"]["unmeasured"]) == {f"measured_{way}" for way in RAISING}


def test_what_takes_a_worker_down_costs_its_own_cells(site, tmp_path):
    particles = ["exit0", "print", "fork", "vanish", "segfault"]
    methods = "".join(method(f"particles {way}", "particles", way) for way in particles)
    methods += "  measured: {extends: CD-2, model: {hidden: 11}}\n"
    methods += "  measured away: {extends: CD-2, model: {hidden: 13}}\n"
    forks = tmp_path / "forks"
    text = suite("", methods, metric("segfault", hidden=11) + metric("vanish", hidden=13))
    found = ran(site, tmp_path, text, "--jobs", 1, FORKS=str(forks))
    states = {name: record["status"] for name, record in found.items()}
    lost = ["particles exit0", "particles vanish", "particles segfault", "measured"]
    lost += ["measured away"]
    assert states == {
        name: "failed" if name in lost else "done"
        for name in (
            "CD-2",
            "measured",
            "measured away",
            *(f"particles {way}" for way in particles),
        )
    }
    assert SAYS["exit0"] in found["particles exit0"]["reason"]
    for name in ("particles vanish", "measured away"):
        assert "its process died (exit code 1)" in found[name]["reason"]
    for name in ("particles segfault", "measured"):
        assert "its process died (exit code -11, SIGSEGV)" in found[name]["reason"]
        assert "in crash)" in found[name]["reason"]
    require_no_fork_alive(forks)


def test_ctrl_c_while_a_component_hangs_in_the_plan_ends_the_command(site, tmp_path):
    file = write(tmp_path, suite("", method("hanging", "supports", "hang")))
    hangs = tmp_path / "hangs"
    process = start(site, "validate", file, EBMBENCH_PATIENCE="100", HANGS=str(hangs))
    deadline = time.monotonic() + 90
    while not hangs.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in out + err


def test_a_patience_that_is_no_number_of_seconds_is_told(here, tmp_path, monkeypatch):
    for text in ("long", "0", "-1", "nan", "inf"):
        monkeypatch.setenv("EBMBENCH_PATIENCE", text)
        ended = ebmbench("validate", write(tmp_path, suite()))
        assert ended.code == 2
        assert f"EBMBENCH_PATIENCE: '{text}' is no number of seconds" in ended.err


def test_what_takes_a_process_down_has_no_cost_and_the_others_have(site, tmp_path):
    methods = "".join(method(f"particles {way}", "particles", way) for way in FATAL)
    file = write(tmp_path, suite("", methods))
    code, said, _ = document(site, "cost", file, "--rounds", 1, "--replicas", 1)
    assert code == 3
    problems = {each["method"]: each["problem"] for each in said["methods"]}
    assert problems.pop("CD-2") is None
    for way in FATAL:
        assert SAYS[way] in problems[f"particles {way}"]


def segfault(*arguments):
    os.kill(os.getpid(), signal.SIGSEGV)


def test_a_component_that_takes_its_checks_down_fails_and_the_next_is_examined(here, monkeypatch):
    from ebmbench.commands import conformance

    examined = conformance.examined
    fatal = lambda entry, registry: (  # noqa: E731
        segfault() if entry.family == "samplers" else examined(entry, registry)
    )
    monkeypatch.setattr(conformance, "examined", fatal)
    ended = ebmbench("test", "misbehaving", "--json")
    assert ended.code == 1, ended.err
    found = {each["family"]: each["checks"] for each in json.loads(ended.out)}
    assert [row["check"] for row in found["samplers"]] == ["survives"]
    assert SAYS["segfault"] in found["samplers"][0]["sentence"]
    assert len(found["metrics"]) > 1


def test_a_model_that_takes_sampling_down_is_named(here, monkeypatch, tmp_path):
    from ebmbench.commands import sample

    monkeypatch.setattr(sample, "_write_samples", segfault)
    ended = ebmbench("sample", "small", "--method", "CD-2", "-o", tmp_path / "samples.npz")
    assert ended.code == 2
    assert f"method 'CD-2': {SAYS['segfault']}" in ended.err


def test_a_thread_of_a_component_is_not_waited_for(tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "patient.py").write_text(
        "import threading, time\n"
        "threading.Thread(target=time.sleep, args=(1000,)).start()\n"
    )  # fmt: skip
    describe(folder, "patient", ["patient"])
    code, said, _ = document(folder, "plugins")
    assert code == 0
    assert {each["name"]: each["state"] for each in said["plugins"]}["patient"] == "loaded"


def test_errors_that_never_end_are_cut_short(tmp_path, monkeypatch):
    def fail(*arguments):
        raise ValueError("x" * 5_000_000)

    monkeypatch.setattr(CD, "particles", fail)
    ended = ebmbench("run", write(tmp_path, suite()), "--runs", tmp_path / "runs", "--jobs", 0)
    assert ended.code == 3, ended.err
    reason = records(tmp_path)["CD-2"]["reason"]
    assert len(reason) < 3000
    assert "... (4998000 letters more)" in reason
