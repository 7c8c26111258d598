"""The Markdown report of a made-up run."""

from __future__ import annotations

import pytest

from ebmbench.report.markdown import document
from ebmbench.report.markdown.fitting import PAGE, fitted, width
from ebmbench.report.parts import Table
from ebmbench.report.picture import Picture
from ebmbench.report.sections import details, main_table
from ebmbench.summary import summarise
from support import journal_example as example


@pytest.fixture
def text(summary):
    return document(summary, [Picture("bars-nll.png", "bars", "nll over training: means")])


def rows_after(text: str, heading: str) -> list[list[str]]:
    """The cells of the first table after a text."""
    (block, *_) = (b for b in text.split(heading)[1].split("\n\n") if b.startswith("| "))
    lines = [line for line in block.splitlines() if not line.startswith("|-")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_answer_comes_first(text):
    title, said, first, *_ = text.split("\n\n")
    assert title == "# toy"
    assert said == "A toy that is Fast, Slow and Twin."
    assert first.startswith(
        "**So far, with 1 of 18 cells without a result: Fast wins on bars: its hamming.test is"
        " 0.00984"
    )


def test_each_method_has_a_row_in_the_main_table(text):
    head, *rows = rows_after(text, "## bars")
    assert head[:3] == ["Method", "vs Slow", "Place"]
    assert [row[0] for row in rows] == ["Fast", "Slow", "Twin"]
    assert rows[0][1:3] == ["better<br>-94.2 %", "1"]
    assert rows[1][1:3] == ["baseline", "2-3"]
    assert rows[0][4] == "**0.00984**<br>**± 0.00017**"
    assert rows[2][-1] == "4 seeds<br>1 diverged<br>1 failed"


def test_costs_have_tables_of_their_own(text):
    update = rows_after(text, "### Cost of an update")[1]
    assert update == ["Fast", "400 µs", "200+100+100", "160 k", "1.00 k", "512 k"]
    assert rows_after(text, "### Cost of a training")[1] == ["Fast", "500", "200 ms", "80.0 M"]


def test_no_table_is_wider_than_the_page(summary):
    names = {m: f"{m} of a rather long name" for m in example.METHODS}
    run = example.changed(
        example.run(baseline=names["Slow"]), methods=tuple(names.values()), skips=()
    )
    records = [example.changed(r, method=names[r.method]) for r in example.records()]
    long = summarise(run, records)
    for each in (summary, long):
        (board,) = each.boards
        parts = [*main_table(each, board), *details(each, board)]
        for part in (p for p in parts if isinstance(p, Table)):
            assert all(width(table) <= PAGE for table in fitted(part))


def test_a_table_that_is_too_wide_is_given_as_several():
    head = ["Method", *(f"value {i}" for i in range(20))]
    whole = Table(head, [["A", *(f"{i}.123456789" for i in range(20))]])
    parts = [*fitted(whole)]
    assert len(parts) > 1
    assert all(part.head[0] == "Method" and width(part) <= PAGE for part in parts)
    assert [h for part in parts for h in part.head[1:]] == head[1:]


def test_what_is_folded_is_closed_again(text):
    assert text.count("<details>") == text.count("</details>") >= 4
    depth = 0
    for line in text.splitlines():
        depth += (line == "<details>") - (line == "</details>")
        assert depth in (0, 1)
    assert depth == 0


@pytest.mark.parametrize(
    "said",
    [
        "Ghost on bars: needs a body",
        "Fast on bars: metric gradient_error: big",
        "Twin on bars, seed 5 failed: out of memory",
        "Slow on bars: 1 seed without a result",
        "Twin is Slow with other noise.",
        "`ebmbench run suites/toy.yaml`",
        "digest `3f2a9c0011`",
        "x86_64, 2 cores",
        "Replicas side by side: 3 each",
        "![nll over training](bars-nll.png)",
        "*nll over training: means*",
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
    text = document(summarise(example.run(), few), [])
    assert "there are no verdicts" in text
    assert "| no verdict" in text
    assert "| inconclusive" not in text


def test_a_run_without_a_baseline_has_no_comparisons():
    text = document(summarise(example.run(baseline=None), example.records()), [])
    assert "### Against" not in text
    assert "vs None" not in text


def test_a_method_that_never_ran_has_a_row_of_dashes():
    records = [r for r in example.records() if r.method != "Twin"]
    text = document(summarise(example.run(), records), [])
    row = next(line for line in text.splitlines() if line.startswith("| Twin"))
    assert "0 seeds<br>6 missing" in row
