"""What is wrong with a tuning is told, and not what follows from it."""

import pytest

from ebmbench.errors import ConfigError
from support.suites import SMALL, plan

TUNED = SMALL.replace("{name: adam, lr: 0.01}", "{name: adam}", 1)
TUNING = "tuning: {trials: 2, seeds: 2, metric: nll.test}\ntrain:"


def told(folder, tune, tuning=TUNING):
    text = TUNED.replace("    batch: {size: 2}", f"    batch: {{size: 2}}\n    tune: {tune}", 1)
    with pytest.raises(ConfigError) as raised:
        plan(folder, text.replace("train:", tuning, 1))
    return [str(each) for each in raised.value.problems]


@pytest.mark.parametrize(
    "tune",
    ["{optimizer.lr: {log: [0, 1]}}", "{optimizer.lr: {lin: [1, 2]}}", "{optimizer.lr: []}"],
)
def test_a_range_that_is_wrong_is_all_that_is_told(tmp_path, tune):
    problems = told(tmp_path, tune)
    assert problems
    assert all(".tune" in each for each in problems)


@pytest.mark.parametrize("trials", ["0", "1000000000", "x"])
def test_trials_that_are_wrong_are_all_that_is_told(tmp_path, trials):
    problems = told(
        tmp_path, "{optimizer.lr: [0.1, 0.2]}", TUNING.replace("trials: 2", f"trials: {trials}")
    )
    assert len(problems) == 1
    assert "tuning.trials" in problems[0]


def test_without_tuning_what_it_would_have_set_is_told_as_such(tmp_path):
    (problem,) = told(tmp_path, "{optimizer.lr: [0.1, 0.2]}", "train:")
    assert "methods.CD-2.optimizer.lr: is left to the tuning, and nothing says how much" in problem


def test_a_search_is_not_judged_by_the_rows_that_its_trials_see(tmp_path):
    (problem,) = told(
        tmp_path, "{optimizer.lr: [0.1, 0.2]}", TUNING.replace("nll.test", "nll.train")
    )
    assert "tuning.metric: it is of the rows that trials are trained on" in problem
    assert "Write nll.test" in problem


def test_what_is_swept_is_not_searched_too(tmp_path):
    (problem,) = told(
        tmp_path, "{sampler.k: [1, 5], optimizer.lr: [0.1, 0.2]}\n    sweep: {sampler.k: [1, 2]}"
    )
    assert "methods.CD-2.tune.sampler.k: it is swept, too" in problem
