"""Suites that tune: trials on seeds and rows of their own, and the run that has what they chose."""

import json
import shutil
from types import SimpleNamespace

import pytest
import torch
from rich.console import Console

from ebmbench import Noise, Splits
from ebmbench.api.planning import Asked
from ebmbench.api.tuning import rungs
from ebmbench.commands.run import _say_how_to_go_on
from ebmbench.suite.overrides import Overrides
from ebmbench.suite.tuning.keys import TuningSpec
from ebmbench.suite.tuning.stages import Chosen, Trials
from ebmbench.training.built import Built
from support.command_line import ebmbench
from support.runs import records, run
from support.suites import SMALL, write

TUNED = (
    SMALL.replace("sampler: {name: cd, k: 2}", "sampler: {name: cd}\n    tune: "
                  "{sampler.k: [1, 3], optimizer.lr: {log: [1.0e-4, 0.1]}}", 1)
    .replace("lr: 0.01}", "lr: 0.5}", 1)
    .replace("train:", "tuning: {trials: 4, seeds: 2, metric: nll.test}\ntrain:", 1)
)  # fmt: skip


def document(folder, *more):
    return json.loads((folder / "runs/small" / "/".join((*more, "run.json"))).read_text())


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tuned")
    ended = run(folder, TUNED, "--jobs", 0)
    assert ended.code == 0, ended.err
    return folder, ended


def test_what_is_chosen_is_best_on_the_trials_and_what_is_trained(made):
    folder, ended = made
    assert "Search: 4 trials x 2 seeds" in ended.out
    (tuned,) = document(folder)["tuning"]["methods"]
    means = {each["number"]: sum(each["values"]) / 2 for each in tuned["trials"]}
    assert tuned["chosen"] == min(means, key=means.get)
    settings = tuned["trials"][tuned["chosen"] - 1]["settings"]
    method = document(folder)["components"]["methods"]["CD-2"]
    assert method["sampler"]["options"]["k"] == settings["sampler.k"]
    assert method["optimizer"]["lr"] == settings["optimizer.lr"]
    trials = [json.loads(file.read_text()) for file in folder.glob("runs/small/tuning/*/cells/*")]
    assert len(trials) == 4 * 2
    assert not {each["seed"] for each in trials} & {
        each["seed"] for each in records(folder).values()
    }


def test_the_report_says_what_was_chosen_and_what_was_not_tuned(made):
    text = (made[0] / "runs/small/report/README.md").read_text()
    assert "### How methods were tuned" in text
    assert "Not tuned: RAPID, which has the settings that the suite gives." in text
    assert "| n = 1 | n = 2 | n = 4 |" in " ".join(text.split())
    assert "Not tuned: every method" not in text


def test_trials_know_the_untrained_models_and_between_what_was_searched(made):
    (tuned,) = document(made[0])["tuning"]["methods"]
    assert tuned["ends"] == {"optimizer.lr": [1e-4, 0.1]}
    assert all(len(each["before"]) == 2 for each in tuned["trials"])


def test_who_interrupts_is_told_of_cells_and_of_trials(made):
    folder, _ = made
    asked = Asked(folder / "small.yaml", Overrides())
    options, console = SimpleNamespace(runs=folder / "runs", command="again"), Console(record=True)
    _say_how_to_go_on(asked, asked.planned(), options, console)
    said = " ".join(console.export_text().split())
    cells = len(document(folder)["cells"])
    assert f"Interrupted. {cells} of {cells} cells are finished" in said
    assert "of the tuning's trials 8 cells are" in said


def test_nothing_that_is_there_is_made_again(made):
    folder, _ = made
    there = {file: file.stat().st_mtime_ns for file in folder.rglob("cells/*.json")}
    ended = run(folder, TUNED, "--jobs", 0)
    assert ended.code == 0
    assert ended.out.count("0 cells to run") == 2
    assert there == {file: file.stat().st_mtime_ns for file in folder.rglob("cells/*.json")}


def test_status_and_plan_know_what_was_chosen(made):
    folder, _ = made
    file = write(folder, TUNED)
    for command in (["status", file], ["plan", file]):
        ended = ebmbench(*command, "--runs", folder / "runs")
        assert ended.code == 0, ended.err
    assert "Complete." in ebmbench("status", file, "--runs", folder / "runs").out


def test_trials_see_no_test_row_and_train_on_the_others(tmp_path):
    asked = Asked(write(tmp_path, TUNED), Overrides())
    trial, reported = (asked.planned(stage).recipes[-1] for stage in (Trials(), None))
    assert trial.held_out == 0.2
    assert reported.held_out == 0
    held, whole = (Built.of(recipe, [5, 9]).data for recipe in (trial, reported))
    assert held.train.shape[1] + held.test.shape[1] == whole.train.shape[1]
    together = torch.cat([held.train, held.test], 1)
    for mine, theirs in zip(together, whole.train, strict=True):
        assert sorted(map(tuple, mine.tolist())) == sorted(map(tuple, theirs.tolist()))


def test_each_dataset_has_settings_of_its_own(tmp_path):
    text = TUNED.replace("bars3: {name: bars, size: 3}", "bars3: {name: bars, size: 3}\n"
                         "  bars4: {name: bars, size: 4}")  # fmt: skip
    chosen = Chosen({"bars3": {"CD-2": 1}, "bars4": {"CD-2": 3}})
    plan = Asked(write(tmp_path, text), Overrides()).planned(chosen)
    rates = {r.dataset_name: r.optimizer.lr for r in plan.recipes if r.method_name == "CD-2"}
    assert len(set(rates.values())) == 2


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, [(1.0, 16)]),
        ({"halving": 4}, [(1 / 16, 16), (1 / 4, 4), (1.0, 1)]),
        ({"trials": 9, "halving": 3}, [(1 / 9, 9), (1 / 3, 3), (1.0, 1)]),
        ({"trials": 5, "halving": 2}, [(1 / 4, 5), (1 / 2, 3), (1.0, 2)]),
    ],
)
def test_rounds_have_more_epochs_for_fewer_trials(spec, expected):
    assert rungs(TuningSpec(metric="nll.test", **spec)) == expected


def test_hopeless_trials_are_ended_early(tmp_path):
    text = TUNED.replace("metric: nll.test}", "metric: nll.test, halving: 2}")
    ended = run(tmp_path, text, "--jobs", 0)
    assert ended.code == 0, ended.err
    (tuned,) = document(tmp_path)["tuning"]["methods"]
    assert sorted(each["epochs"] for each in tuned["trials"]) == [1, 1, 2, 3]
    best = next(each for each in tuned["trials"] if each["number"] == tuned["chosen"])
    assert best["epochs"] == 3
    early = {each["number"]: each.get("early") for each in tuned["trials"]}
    went_on = [each for each in tuned["trials"] if each["epochs"] > 1]
    assert all(early[each["number"]]["epochs"] == 1 for each in went_on)
    assert early[best["number"]]["values"] != best["values"]
    assert sum(each is None for each in early.values()) == 2
    report = (tmp_path / "runs/small/report/README.md").read_text()
    assert "went equally far in the first round only, 1 epochs each" in report
    assert {file.parent.name for file in tmp_path.glob("runs/small/tuning/*/run.json")} == {
        "rung-1", "rung-2-1", "rung-3-1",
    }  # fmt: skip


def test_a_shard_waits_for_the_trials_of_the_others(tmp_path):
    ended = run(tmp_path, TUNED, "--jobs", 0, "--shard", "1/2")
    assert ended.code == 2
    assert "trials of other shards are not there yet" in ended.err
    assert run(tmp_path, TUNED, "--jobs", 0, "--shard", "2/2").code == 0
    assert run(tmp_path, TUNED, "--jobs", 0, "--shard", "1/2").code == 0
    assert len(records(tmp_path)) == 6


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("sampler.k: [1, 3]", "sampler.kk: [1, 3]", "no such option. Did you mean 'k'?"),
        ("sampler.k: [1, 3]", "sampler.k: [1, -3]", "greater than or equal to 1"),
        ("log: [1.0e-4, 0.1]", "log: [0.1, 1.0e-4]", "the smaller one"),
        ("metric: nll.test}", "metric: nll.tset}", "Choose"),
        ("metric: nll.test}", "metric: nll.log_z}", "neither way is better"),
        ("metric: nll.test}", "metric: nll.test, trial: 3}", "Did you mean 'trials'?"),
        ("tune: {", "tunes: {", "Did you mean 'tune'?"),
        ("epochs: 3}", "epochs: 0}", "nothing is trained"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_trained(old, new, says, tmp_path):
    assert old in TUNED
    ended = run(tmp_path, TUNED.replace(old, new, 1), "--jobs", 0)
    assert ended.code == 2
    assert says in ended.err
    assert "small.yaml:" in ended.err
    assert not (tmp_path / "runs").exists()


def test_a_suite_that_tunes_nothing_is_refused(tmp_path):
    text = SMALL.replace("train:", "tuning: {metric: nll.test}\ntrain:", 1)
    ended = run(tmp_path, text, "--jobs", 0)
    assert ended.code == 2
    assert "tuning: no method says what is searched" in ended.err


def test_a_comparison_without_tuning_says_so(tmp_path):
    assert run(tmp_path, SMALL, "--jobs", 0).code == 0
    text = (tmp_path / "runs/small/report/README.md").read_text()
    assert "Not tuned: every method has the settings that the suite gives it" in text


def test_rows_that_are_drawn_anew_are_held_out_all_the_same():
    train = torch.arange(12.0).view(1, 6, 2)
    splits = Splits(train, train[:, :1], (1, 2), torch.zeros(2).bool(), redraw=lambda noise: -train)
    held = splits.hold_out(0.5, Noise([0], "held out"))
    assert torch.equal(held.rows_of_epoch(Noise([0], "epoch")), -held.train)
    assert len(held.test[0]) == 3


def test_rows_that_belong_together_are_cut_out_by_themselves():
    train = torch.arange(24.0).view(2, 6, 2)
    splits = Splits(train, train[:, :1], (1, 2), torch.zeros(2).bool())

    def cut(share, noise):
        return splits._replace(train=train[:, 2:], test=train[:, :2])

    held = splits._replace(cut=cut).hold_out(0.5, Noise([0], "held out"))
    assert torch.equal(held.test, train[:, :2])
    first = splits._replace(cut=cut).first_replica().hold_out(0.5, Noise([0], "held out"))
    assert torch.equal(first.train, train[:1, 2:])


HALVED = TUNED.replace("metric: nll.test}", "metric: nll.test, halving: 2}").replace(
    "epochs: 3}", "epochs: 4}", 1
)


@pytest.mark.parametrize(
    ("text", "rounds"),
    [(TUNED, [(1.0, 4, 8)]), (HALVED, [(0.25, 4, 8), (0.5, 2, 4), (1.0, 1, 2)])],
    ids=["plain", "halving"],
)
def test_plans_count_all_trials_of_a_search(tmp_path, text, rounds):
    suite = write(tmp_path, text)
    made = [dict(zip(("share", "trials", "cells"), each, strict=True)) for each in rounds]
    whole = {key: sum(each[key] for each in made) for key in ("trials", "cells")}
    for command in (["plan"], ["run", "--dry-run"]):
        found = json.loads(ebmbench(*command, suite, "--json", "--runs", tmp_path).out)
        assert found["search"] == {"rounds": made, **whole}
        said = ebmbench(*command, suite, "--runs", tmp_path).out
        assert f"search, all together: {whole['trials']} trials, {whole['cells']} cells" in said


def test_a_suite_that_searches_nothing_counts_no_trials(tmp_path):
    found = json.loads(ebmbench("plan", write(tmp_path, SMALL), "--json", "--runs", tmp_path).out)
    assert "search" not in found


def test_where_a_search_stands_is_told_by_its_suite_and_by_its_name(made, tmp_path):
    """As it is amid a search: the trials of one method are there in part, and no run."""
    folder, suite = tmp_path / "runs" / "small", write(tmp_path, TUNED)
    shutil.copytree(made[0] / "runs" / "small" / "tuning", folder / "tuning")
    first = sorted((folder / "tuning/trials/cells").glob("*.json"))[0]
    first.unlink()
    for name in ("small", suite):
        ended = ebmbench("status", name, "--runs", tmp_path / "runs")
        assert ended.code == 0, ended.err
        assert "Search, trials: 3 of 4 trials have ended" in ended.out
        assert "No command is at work on it." in ended.out
        lines = [line.split() for line in ended.out.splitlines()]
        assert ["bars3", "CD-2", "7", "1"] in lines
    found = json.loads(ebmbench("status", "small", "--json", "--runs", tmp_path / "runs").out)
    assert not found["complete"]
    assert (found["search"]["ended"], found["search"]["of"]) == (3, 4)
    assert found["search"]["cells"]["done"] == 7


def test_once_all_is_there_the_search_is_nothing_to_tell(made):
    folder, _ = made
    suite = write(folder, TUNED)
    assert "Search" not in ebmbench("status", suite, "--runs", folder / "runs").out
