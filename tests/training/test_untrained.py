"""Suites without training: what a method may leave out, and what the report then says."""

import json

import pytest

from ebmbench.errors import ConfigError
from ebmbench.training.built import Built
from ebmbench.training.untrained import NO_NEGATIVE, Untrained
from support.command_line import ebmbench
from support.suites import SMALL, plan, read, write

BARE = """\
# Models as they are made.
suite: bare
seeds: 2
datasets:
  bars3: {name: bars, size: 3}
methods:
  RA: {model: {name: ra-rbm, hidden: 11, patterns: 3}}
  RBM: {model: {name: rbm, hidden: 11, init_std: 0.5}}
train: {epochs: 0}
metrics:
  - {name: gibbs-accessibility}
  - {name: method-accessibility}
  - {name: spectrum}
report:
  baseline: RBM
  target: {metric: gibbs_accessibility, above: 0.5}
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A finished run, its folder; and what the terminal said."""
    folder = tmp_path_factory.mktemp("bare")
    ended = ebmbench("run", write(folder, BARE), "--runs", folder, "--jobs", 0)
    assert ended.code == 0, ended.out + ended.err
    return folder / "bare", ended.out


def test_without_training_a_model_alone_will_do(tmp_path):
    method = read(tmp_path, BARE).methods["RA"]
    assert method.sampler.component is Untrained


@pytest.mark.parametrize("part", ["sampler", "optimizer", "batch"])
def test_with_training_each_part_is_asked_for(part, tmp_path):
    lines = [line for line in SMALL.splitlines() if not line.startswith(f"    {part}: {{")]
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, "\n".join(lines))
    first, second = caught.value.problems
    assert (first.path, second.path) == (f"methods.RAPID.{part}", f"methods.CD-2.{part}")
    assert first.place.endswith("small.yaml:9:3")
    assert str(first).endswith("Only train: {epochs: 0} may leave it out.")


def test_what_looks_at_the_negative_phase_is_skipped_with_the_reason(tmp_path):
    skips = plan(tmp_path, BARE).skips
    assert {(s.method, s.what, s.reason) for s in skips} == {
        (method, "metric method_accessibility", NO_NEGATIVE) for method in ("RA", "RBM")
    }


def test_a_method_with_a_sampler_may_stay_untrained(tmp_path):
    found = plan(tmp_path, SMALL.replace("epochs: 3}", "epochs: 0}", 1))
    assert not found.skips
    assert {cell.recipe.epochs for cell in found.cells} == {0}


def test_a_model_is_measured_once_as_it_is_made(finished):
    folder, _ = finished
    records = [json.loads(file.read_text()) for file in (folder / "cells").glob("*.json")]
    assert len(records) == 4
    for record in records:
        assert record["curves"]["gibbs_accessibility"]["epoch"] == [0]
        assert record["cost"]["updates"] == 0
        assert record["unmeasured"] == {}


def test_the_report_speaks_of_no_training(finished):
    folder, said = finished
    page = (folder / "report/README.md").read_text("utf-8")
    assert "Values of untrained models" in page
    assert "spectrum of untrained models" in page
    for words in ("Cost", "update", "Time to", "Reached", "negative phase\n", "over training"):
        assert words not in page.split("## How a verdict")[0].replace(NO_NEGATIVE, "")
    assert "cost per update" not in said
    assert "median time" not in said


def test_a_dry_run_counts_no_updates(tmp_path):
    ended = ebmbench("run", write(tmp_path, BARE), "--dry-run", "--json")
    assert [each["updates"] for each in json.loads(ended.out)["cost"]] == [0, 0]


def test_a_dry_run_shows_no_costs_of_updates(tmp_path):
    ended = ebmbench("run", write(tmp_path, BARE), "--dry-run")
    assert "update" not in ended.out
    assert "RBM" in ended.out


def test_no_update_has_a_cost(tmp_path):
    ended = ebmbench("cost", write(tmp_path, BARE))
    assert ended.code == 2
    assert "small.yaml:9:17: train.epochs: 0: no update has a cost." in ended.err


def test_a_metric_that_does_not_say_it_needs_the_negative_phase_is_told_why_it_fails(tmp_path):
    recipe = plan(tmp_path, BARE).cells[0].recipe
    built = Built.of(recipe, [0])
    with pytest.raises(RuntimeError, match="the method has no sampler"):
        built.sampler.negative_phase(built.model, None, None, None)
