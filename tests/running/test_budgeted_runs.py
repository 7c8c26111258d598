"""Runs that end when a budget is spent."""

import pytest

from ebmbench.errors import ConfigError
from support.command_line import ebmbench
from support.runs import records, run
from support.suites import SMALL, plan, write


def until(budget, more=""):
    return SMALL.replace("train: {epochs: 3}", f"train: {{{more}until: {{{budget}}}}}", 1)


def test_methods_spend_the_same_multiply_adds_to_the_update(tmp_path):
    made = plan(tmp_path, until("macs: 1.0e+6"))
    for recipe in made.recipes:
        per_update = made.estimate(recipe).per_update.macs
        assert recipe.updates * per_update <= 1e6 < (recipe.updates + 1) * per_update
    assert run(tmp_path, until("macs: 1.0e+6"), "--jobs", 0).code == 0
    updates = {recipe.method_name: recipe.updates for recipe in made.recipes}
    assert len(set(updates.values())) == 2
    for record in records(tmp_path).values():
        assert record["cost"]["updates"] == updates[record["method"]]
        assert record["curves"]["nll.train"]["update"][-1] == updates[record["method"]]


def test_what_is_sooner_ends_the_training(tmp_path):
    assert {r.updates for r in plan(tmp_path, until("updates: 5", "epochs: 1, ")).recipes} == {2}
    assert {r.epochs for r in plan(tmp_path, until("updates: 5", "epochs: 9, ")).recipes} == {3}


def test_a_budget_of_whole_epochs_trains_as_these_do(tmp_path):
    epochs, budget = tmp_path / "epochs", tmp_path / "budget"
    assert run(epochs, SMALL, "--jobs", 0).code == 0
    assert run(budget, until("updates: 6"), "--jobs", 0).code == 0
    assert likelihoods(epochs) == likelihoods(budget)


def likelihoods(folder):
    return {
        (record["method"], record["seed"]): record["curves"]["nll.train"]["value"]
        for record in records(folder).values()
    }


def test_a_time_budget_is_spent_and_little_more(tmp_path):
    ended = run(tmp_path, until("seconds: 0.2"), "--jobs", 0)
    assert ended.code == 0, ended.err
    for record in records(tmp_path).values():
        curve = record["curves"]["nll.train"]
        assert curve["epoch"][-1] > 1
        before = curve["seconds"][-2] if len(curve["seconds"]) > 1 else 0
        assert before < 0.2
    text = (tmp_path / "runs/small/report/README.md").read_text()
    assert "Final values after 0.2 s of training" in text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (until("macs: 1, updates: 2"), "train.until: give one of macs, updates and seconds"),
        (until("macs: 1.0e+6", "epochs: 0, "), "epochs: 0 trains nothing, and spends nothing"),
        (SMALL.replace("train: {epochs: 3}", "train: {}", 1), "train: give epochs, or until:"),
        (until("hours: 1"), "train.until.hours"),
    ],
)
def test_a_wrong_budget_is_refused(text, says, tmp_path):
    ended = run(tmp_path, text, "--jobs", 0)
    assert ended.code == 2
    assert says in ended.err


def test_a_smaller_budget_is_a_part_of_the_suite(tmp_path):
    less = plan(tmp_path, until("macs: 1.0e+6"), settings=("train.until.macs=1000.0",))
    assert less.suite.narrowed == ("until 1000 multiply-adds",)
    assert not plan(tmp_path, until("macs: 1.0e+6")).suite.narrowed
    assert plan(tmp_path, until("updates: 9"), epochs=2).suite.narrowed == ("epochs 2",)


@pytest.mark.parametrize("budget", ["macs: 1.0e+30", "updates: 1000000000"])
def test_a_budget_beyond_all_epochs_is_refused(tmp_path, budget):
    with pytest.raises(ConfigError, match="are the most"):
        plan(tmp_path, until(budget))


def test_a_plan_tells_what_a_time_budget_takes(tmp_path):
    file = write(tmp_path, until("seconds: 3"))
    ended = ebmbench("plan", file, "--runs", tmp_path / "runs")
    assert ended.code == 0, ended.err
    assert "budget" in ended.out
