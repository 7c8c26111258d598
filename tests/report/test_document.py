"""The Markdown report of a made-up run."""

from __future__ import annotations

import pytest

from ebmbench.report.markdown import document
from ebmbench.report.picture import Picture
from ebmbench.summary import summarise
from support import journal_example as example


@pytest.fixture
def text(summary):
    return document(summary, [Picture("bars-nll.png", "bars", "nll over training")])


def test_each_method_has_a_row_in_the_main_table(text):
    main = text.split("### ")[0]
    rows = [line for line in main.splitlines() if line.startswith("| ")]
    assert [row.split("|")[1].strip() for row in rows] == ["Method", "Fast", "Slow", "Twin"]
    assert "**0.00984 ± 0.00017**" in rows[1]
    assert "6/6 seeds<br>150 updates" in rows[1]
    assert "MACs<br>" in rows[1]
    assert "baseline" in rows[2]


@pytest.mark.parametrize(
    "said",
    [
        "Ghost on bars: needs a body",
        "Fast on bars: metric gradient_error: big",
        "Twin on bars, seed 5 failed: out of memory",
        "Slow on bars: 1 seed not run yet",
        "Twin is Slow with other noise.",
        "`ebmbench run suites/toy.yaml`",
        "digest `3f2a9c0011`",
        "x86_64, 2 cores",
        "Replicas side by side: Fast 3; Slow 3; Twin 3",
        "![nll over training](bars-nll.png)",
        "Holm",
        "gradient_error",
    ],
)
def test_the_report_says(text, said):
    assert said in text


def test_a_quick_run_says_so_at_the_top():
    quick = example.changed(example.run(), quick=True)
    text = document(summarise(quick, example.records()), [])
    assert "not the paper's numbers" in text.split("## ")[0]


def test_few_seeds_say_that_there_are_no_verdicts():
    few = [r for r in example.records() if r.seed < 2]
    assert "there are no verdicts" in document(summarise(example.run(), few), [])


def test_a_run_without_a_baseline_has_no_comparisons():
    text = document(summarise(example.run(baseline=None), example.records()), [])
    assert "### Against" not in text
    assert "vs None" not in text


def test_a_method_that_never_ran_has_a_row_of_dashes():
    records = [r for r in example.records() if r.method != "Twin"]
    text = document(summarise(example.run(), records), [])
    row = next(line for line in text.splitlines() if line.startswith("| Twin"))
    assert "0 seeds, 6 missing" in row
