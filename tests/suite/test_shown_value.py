"""The value that is shown while a run goes on."""

from __future__ import annotations

import pytest

from ebmbench.suite.keys import ReportSpec
from ebmbench.suite.shown_value import shown_value
from ebmbench.summary import summarise
from support import journal_example as example
from support.suites import SMALL, plan

WAYS = {
    "free_energy": None,
    "samples": {"neither": "lower"},
    "nll": {"test": "lower", "train": "lower"},
    "ess": "higher",
}


@pytest.mark.parametrize(
    ("report", "shown"),
    [
        ({"target": {"metric": "ess", "above": 3}, "columns": ["nll.test"]}, "ess"),
        ({"columns": ["samples.distinct", "free_energy", "nll.test", "nll.train"]}, "nll.test"),
        ({"columns": ["samples.distinct"]}, None),
        ({}, "samples.neither"),
    ],
)
def test_it_is_the_targets_else_the_first_that_is_judged(report, shown):
    assert shown_value(ReportSpec(**report), WAYS) == shown


def test_without_a_target_it_is_what_methods_are_tuned_for():
    assert shown_value(ReportSpec(columns=["nll.test"]), WAYS, "ess") == "ess"
    target = {"metric": "nll.train", "below": 3}
    assert shown_value(ReportSpec(target=target), WAYS, "ess") == "nll.train"


def test_training_rows_come_first_and_unknown_parts_leave_the_metric_s_name():
    assert shown_value(ReportSpec(), {"nll": WAYS["nll"]}) == "nll.train"
    assert shown_value(ReportSpec(), {"ess": "higher"}) == "ess"
    assert shown_value(ReportSpec(), {"ess": {"": "higher"}}) == "ess"
    assert shown_value(ReportSpec(), {"free_energy": None}) is None


@pytest.mark.parametrize("columns", [[], ["nll.test", "hamming.test"], ["spectrum.1", "nll.train"]])
def test_it_is_the_value_that_the_report_will_judge(columns):
    run = example.run(target=None, columns=columns)
    ways = {
        "hamming": {"train": "lower", "test": "lower"},
        "nll": {"train": "lower", "test": "lower"},
        "gradient_error": {"": "lower"},
        "spectrum": None,
    }
    assert shown_value(run.report, ways) == summarise(run, example.records()).judged


@pytest.mark.parametrize(
    ("columns", "shown"), [("", "hamming.train"), ("  columns: [nll.test]\n", "nll.test")]
)
def test_a_suite_without_a_target_has_one(tmp_path, columns, shown):
    text = SMALL.replace("  target: {metric: hamming.test, below: 0.3}\n", columns)
    assert {recipe.target for recipe in plan(tmp_path, text).recipes} == {shown}
