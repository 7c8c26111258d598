"""An erratic method in all that is read: beside its place, in a sentence, and nowhere else."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from ebmbench.report import print_report
from ebmbench.report.headline import headline
from ebmbench.report.markdown.short import short
from ebmbench.report.page.tables import Shown
from ebmbench.report.sections import about_main_table, main_table
from support.result_example import result, spread

SEEDS = 10
A, CD = spread(0.20, 0.001, SEEDS), spread(0.2002, 0.002, SEEDS, turn=3)
WILD = [0.21] * 8 + [0.9, 0.8]


def wild(**how):
    return result({"d": {"A": A, "CD": CD, "C": WILD}}, **how)


def tame():
    return result({"d": {"A": A, "CD": CD}})


def printed(summary):
    console = Console(file=StringIO(), width=120)
    print_report(summary, console)
    return console.file.getvalue()


def test_the_headline_says_that_it_is_why_and_how_often_it_is_behind():
    summary = wild()
    said = headline(summary, summary.boards[0])
    assert said[0] == (
        "No clear winner on d: 3 of 3 methods share the first place on error.test (A, CD and the "
        "erratic C)."
    )
    (why,) = (sentence for sentence in said if sentence.startswith("C is erratic"))
    assert "400 times as far as A's; A is better on all 10 seeds" in why


def test_with_one_other_it_is_told_from_that_one():
    summary = result({"d": {"A": A, "C": WILD}}, baseline=None)
    said = headline(summary, summary.boards[0])
    assert (
        said[0] == "No clear winner on d: A and the erratic C share the first place on error.test."
    )


def test_the_cheapest_of_the_first_is_none_that_is_erratic():
    summary = wild(seconds={"A": 1.0, "CD": 0.5, "C": 0.01})
    (cost,) = (s for s in headline(summary, summary.boards[0]) if "cheapest" in s)
    assert "CD is the cheapest" in cost


def test_it_stands_beside_the_place_and_below_the_table_is_what_it_means():
    summary = wild()
    (board,) = summary.boards
    (table,) = main_table(summary, board)
    lines = {row[0]: list(row[table.head.index("Place")].lines) for row in table.rows}
    assert lines == {"A": ["1-3"], "CD": ["1-3"], "C": ["1-3", "erratic"]}
    assert Shown.of(table, "").rows[2][2].lines == ["1-3", "erratic"]
    assert "Erratic are methods" in about_main_table(summary, board)


def test_the_terminal_and_a_job_s_summary_say_it():
    text = printed(wild())
    assert "C is erratic" in text
    assert text.count("erratic") == 3  # headline, sentence, place
    assert "| 1-3 erratic" in short(wild())


def test_on_several_datasets_it_is_told_where_it_is_so():
    summary = result({"d": {"A": A, "CD": CD, "C": WILD}, "e": {"A": A, "CD": CD, "C": CD}})
    text = short(summary)
    assert "A, CD and the erratic C" in text
    assert text.count("erratic") == 1


@pytest.mark.parametrize("said", [printed, short])
def test_where_none_is_nobody_hears_of_it(said):
    assert "rratic" in said(wild())
    assert "rratic" not in said(tame())
