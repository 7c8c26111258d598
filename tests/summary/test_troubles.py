"""Cells that did not end well."""

from __future__ import annotations

from ebmbench.report.notices import troubles
from ebmbench.summary import summarise
from support import journal_example as example


def test_troubles_name_the_cell_and_the_reason(summary):
    found = [(t.method, t.seed, t.status, t.reason) for t in summary.troubles]
    assert found[1] == ("Twin", 5, "failed", "out of memory")
    assert found[0][:3] == ("Twin", 4, "diverged")


def without_nll(reason):
    """The report's lines on troubles where Fast's seeds 1 and 2 end without an NLL."""
    records = [
        _cut(record) if record.method == "Fast" and record.seed in (1, 2) else record
        for record in example.records()
    ]
    return troubles(summarise(example.run_with_nll(missing=reason), records))


def _cut(record):
    return example.without_end(example.without_end(record, "nll.train"), "nll.test")


def test_a_value_that_a_metric_leaves_out_is_listed_with_the_metrics_reason():
    lines = without_nll("log Z is not known")
    expected = "Fast on bars, seeds 1, 2 without nll.test, nll.train: log Z is not known"
    assert expected in [
        line.replace("nll.train, nll.test", "nll.test, nll.train") for line in lines
    ]


def test_each_part_may_have_a_reason_of_its_own_and_one_without_is_not_listed():
    lines = without_nll({"train": "no training data"})
    assert "Fast on bars, seeds 1, 2 without nll.train: no training data" in lines
    assert not any("nll.test" in line for line in lines)


def test_a_missing_value_of_another_metric_is_not_listed():
    assert not any("without" in line for line in without_nll(""))
