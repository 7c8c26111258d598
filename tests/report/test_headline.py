"""The headline of a dataset, on a made-up run."""

from __future__ import annotations

from ebmbench.report.headline import headline
from ebmbench.summary import summarise
from support import journal_example as example

SO_FAR = "So far, with 1 of 18 cells without a result: "


def said(records=None, **report) -> str:
    records = example.records() if records is None else records
    summary = summarise(example.run(**report), records)
    return " ".join(headline(summary, summary.boards[0]))


def test_the_headline_says_who_won_by_how_much_and_how_surely():
    text = said()
    assert text.startswith(SO_FAR)
    text = text.removeprefix(SO_FAR)
    assert text.startswith("Fast wins on bars: its hamming.test is 0.00984 fraction of pixels")
    assert "It is better on all 5 seeds, p < 0.001." in text


def test_the_headline_says_where_another_method_wins():
    text = said()
    assert "But on nll.train and nll.test Slow is better than Fast: 5.045 against 1320" in text


def test_the_headline_says_what_an_update_costs():
    assert "An update of Fast takes 400 µs, 31 % of Slow's 1.30 ms." in said()


def test_a_close_race_has_no_winner():
    target = {"metric": "nll.test", "below": 4.0}
    text = said(example.all_well(), target=target)
    assert text.startswith("No clear winner on bars: Twin and Slow share the first place")
    assert "might" in text


def test_methods_within_the_margin_are_equivalent():
    target = {"metric": "nll.test", "below": 4.0}
    text = said(example.all_well(), target=target, margin={"nll.test": 1.0})
    assert "Twin and Slow are equivalent on nll.test" in text


def test_the_headline_names_who_lost_seeds():
    assert "Twin lost 2 of 6 seeds (1 diverged, 1 failed)" in said()


def test_the_headline_and_the_table_agree():
    target = {"metric": "nll.test", "below": 4.0}
    summary = summarise(example.run(target=target), example.all_well())
    (board,) = summary.boards
    lead = board.leads["nll.test"]
    assert {lead.best, lead.rival} == {"Slow", "Twin"}
    beside = board.row("Twin").against["nll.test"]
    one = lead.comparison
    assert (one.p, one.more_seeds, one.confidence) == (
        beside.p,
        beside.more_seeds,
        beside.confidence,
    )


def test_without_a_target_the_first_column_is_judged():
    assert (
        said(target=None).removeprefix(SO_FAR).startswith("Fast wins on bars: its hamming.train is")
    )


def test_a_favourite_that_has_a_value_on_some_seeds_is_not_told_to_have_none():
    records = [
        example.without_end(r, "nll.test")
        if (r.method, r.seed) in (("Fast", 1), ("Fast", 2))
        else r
        for r in example.records()
    ]
    text = said(records)
    assert "only others than Fast have a value" not in text
    assert "not told apart, on nll.test (Slow)" in text
