"""The Markdown report of a made-up run, and the words that all reports share."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest

import journal_example as example
from ebmbench.report import markdown, write_report
from ebmbench.report.markdown import Picture, count, duration, table
from ebmbench.statistics import compare
from ebmbench.summary import summarise


@pytest.fixture
def summary():
    return summarise(example.run(), example.records())


@pytest.fixture
def text(summary):
    return markdown.document(summary, [Picture("bars-nll.png", "bars", "nll over training")])


def headline(**report) -> str:
    summary = summarise(example.run(**report), example.records())
    return " ".join(markdown.headline(summary, summary.boards[0]))


def test_the_headline_says_who_won_by_how_much_and_how_surely():
    text = headline()
    assert text.startswith("Fast wins on hamming.test: 0.00984 ± 0.00017 fraction of pixels")
    assert "better on 100 % of 5 paired seeds" in text
    assert "no p-value below 6 pairs" in text


def test_the_headline_says_where_another_method_wins():
    assert (
        "on nll.test Twin has the best mean (5.03 ± 0.17) and Fast is number 3 of 3" in headline()
    )


def test_the_headline_says_what_an_update_costs():
    assert "An update costs Fast 400 µs, Slow 1.30 ms" in headline()
    assert "0.05 x the multiply-adds and 0.1 x the time of Slow's" in headline()


def test_a_close_race_has_no_winner():
    target = {"metric": "nll.test", "below": 4.0}
    assert headline(target=target).startswith("No clear winner on nll.test: Twin has the best mean")
    assert "more seeds)" in headline(target=target)


def test_methods_within_the_margin_are_equivalent():
    target = {"metric": "nll.test", "below": 4.0}
    assert "they are equivalent" in headline(target=target, margin={"nll.test": 1.0})


def test_without_a_target_the_first_column_is_judged():
    assert headline(target=None).startswith("Fast wins on hamming.train")


def test_without_any_record_there_is_nothing_to_say():
    summary = summarise(example.run(), [])
    assert "Nothing to compare yet" in markdown.document(summary, [])


def test_each_method_has_a_row_in_the_main_table(text):
    main = text.split("### ")[0]
    rows = [line for line in main.splitlines() if line.startswith("| ")]
    assert [row.split("|")[1].strip() for row in rows] == ["Method", "Fast", "Slow", "Twin"]
    assert "**0.00984 ± 0.00017**" in rows[1]
    assert "6/6 seeds, 150 updates" in rows[1]
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
    quick = {**example.run(), "quick": True}
    text = markdown.document(summarise(quick, example.records()), [])
    assert "not the paper's numbers" in text.split("## ")[0]


def test_few_seeds_say_that_there_are_no_p_values():
    few = [r for r in example.records() if r["seed"] < 5]
    assert "no p-values" in markdown.document(summarise(example.run(), few), [])


def test_a_run_without_a_baseline_has_no_comparisons():
    text = markdown.document(summarise(example.run(baseline=None), example.records()), [])
    assert "### Against" not in text
    assert "vs None" not in text


def test_a_method_that_never_ran_has_a_row_of_dashes():
    records = [r for r in example.records() if r["method"] != "Twin"]
    text = markdown.document(summarise(example.run(), records), [])
    row = next(line for line in text.splitlines() if line.startswith("| Twin"))
    assert "0 seeds, 6 missing" in row


def test_table_rows_are_aligned_and_bars_escaped():
    lines = table(["a", "b"], [["1", "x|y"], ["long one", ""]]).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert "x\\|y" in lines[2]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(4e-4, "400 µs"), (0.9999, "1.00 s"), (90, "1.50 min"), (7200, "2.00 h"), (inf, "never")],
)
def test_durations_have_three_digits_and_a_unit(seconds, said):
    assert duration(seconds) == said


@pytest.mark.parametrize(("x", "said"), [(0, "0"), (999.9, "1.00 k"), (2.56e6, "2.56 M")])
def test_counts_have_three_digits_and_a_prefix(x, said):
    assert count(x) == said


def test_an_inconclusive_verdict_says_what_would_settle_it():
    c = compare([1.0, 2.0, 4.0, 2.5], [1.5, 1.0, 3.5, 2.6], "lower")
    assert "needs ~" in "\n".join(markdown.verdict_lines(c))
    alone = compare([1.0], [2.0], "lower")
    assert "needs at least 2 seeds" in "\n".join(markdown.verdict_lines(alone))
    hopeless = replace(c, more_seeds=None)
    assert "1000 seeds may not do" in "\n".join(markdown.verdict_lines(hopeless))


def test_the_same_records_write_the_same_bytes(tmp_path):
    for name, records in {"a": example.records(), "b": example.records()[::-1]}.items():
        write_report(example.run(), records, tmp_path / name)
    files = sorted(file.name for file in (tmp_path / "a").iterdir())
    assert {"README.md", "summary.json", "bars-nll.png"} <= set(files)
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_every_picture_named_is_there(tmp_path):
    readme = write_report(example.run(), example.records(), tmp_path / "report")
    names = [part.split(")")[0] for part in readme.read_text("utf-8").split("](")[1:]]
    assert names
    assert all((readme.parent / name).is_file() for name in names)
