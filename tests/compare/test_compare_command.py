"""`ebmbench compare` and `ebmbench baseline` on runs that were run."""

from __future__ import annotations

import json

import pytest

from support.command_line import ebmbench
from support.suites import SMALL, write

SUITE = SMALL.replace("seeds: 3", "seeds: 7") + "gates: {hamming.train: 5%, seconds: 10%}\n"
WORSE = ("--set", "methods.CD-2.optimizer.lr=1e-9")  # learns nothing


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two runs of a suite, CD-2 in one of them learning nothing, and a baseline of the other."""
    folder = tmp_path_factory.mktemp("compare")
    suite = write(folder, SUITE)
    for runs, change in (("runs", ()), ("worse", WORSE)):
        ended = ebmbench(
            "run", suite, "--runs", folder / runs, "--jobs", 0, "--epochs", 30, *change
        )
        assert ended.code == 0, ended.err
    said = ebmbench("baseline", "small", "--runs", folder / "runs", "-o", folder / "b/small.jsonl")
    assert said.out.endswith("small.jsonl: 14 cells\n")
    return folder


def compare(folder, *arguments, base="b/small.jsonl", head="worse/small"):
    return ebmbench("compare", folder / base, folder / head, *arguments)


def test_a_run_passes_against_its_own_baseline(folder):
    ended = compare(folder, "--strict", head="runs/small")
    assert (ended.code, ended.err) == (0, "")
    assert "No gate failed: 2 passed." in ended.out


def test_a_method_that_learns_nothing_fails_its_gate(folder):
    ended = compare(folder)
    assert ended.code == 1
    assert "bars3: CD-2: hamming.train failed its gate" in ended.out
    assert "Methods differ: CD-2: optimizer.lr 0.01 -> 1e-09." in ended.out


def test_runs_are_compared_as_baselines_are(folder):
    found = [json.loads(compare(folder, "--format", "json", base=base).out)
             for base in ("b/small.jsonl", "runs/small")]  # fmt: skip
    assert found[0]["values"] == found[1]["values"]
    assert found[0]["gates"] == found[1]["gates"]


def test_the_command_line_lays_its_gates_over_the_suites(folder):
    ended = compare(folder, "--fail-on", "hamming.train: 500%", "--warn-on", "hamming.train: 1%")
    assert ended.code == 0
    assert "1 warned" in ended.out


@pytest.mark.parametrize("form", ["terminal", "markdown", "json", "junit"])
def test_every_format_goes_to_a_file_too(folder, form):
    file = folder / "out" / form
    ended = compare(folder, "--format", form, "-o", file)
    assert (ended.code, ended.out) == (1, "")
    assert "CD-2" in file.read_text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--fail-on", "hamming.train"], "not a gate"),
        (["--fail-on", "hamming.trian: 5%"], "Did you mean 'hamming.train'"),
        (["--fail-on", "seconds: 5%"], "compare --speed"),
        (["suites/smoke.yaml"], "one argument too many"),
    ],
)
def test_a_wrong_command_says_why(folder, arguments, says):
    ended = compare(folder, *arguments)
    assert ended.code == 2
    assert says in ended.err


def test_a_run_with_another_metric_is_not_compared(folder):
    (folder / "fewer").mkdir()
    suite = write(folder / "fewer", SUITE.replace("samples: 7", "samples: 5"))
    ebmbench("run", suite, "--runs", folder / "other", "--jobs", 0, "--epochs", 1)
    ended = compare(folder, head="other/small")
    assert ended.code == 2
    assert "metrics.hamming.options.samples: 5, but 7 in" in ended.err


def test_a_run_that_does_not_say_what_was_compared_is_refused(folder):
    run = json.loads((folder / "runs/small/run.json").read_text())
    del run["components"]
    (folder / "old").mkdir()
    (folder / "old/run.json").write_text(json.dumps(run))
    ended = compare(folder, head="old")
    assert ended.code == 2
    assert "old/run.json: not a run's description: components: Field required" in ended.err
