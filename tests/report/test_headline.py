"""The headline of a made-up run."""

from __future__ import annotations

from ebmbench.report.headline import headline
from ebmbench.summary import summarise
from support import journal_example as example


def said(records=None, **report) -> str:
    records = example.records() if records is None else records
    summary = summarise(example.run(**report), records)
    return " ".join(headline(summary, summary.boards[0]))


def test_the_headline_says_who_won_by_how_much_and_how_surely():
    text = said()
    assert text.startswith("Fast wins on hamming.test: 0.00984 ± 0.00017 fraction of pixels")
    assert "better on 100 % of 5 paired seeds" in text
    assert "p < 0.001" in text


def test_the_headline_says_where_another_method_wins():
    assert "on nll.test Slow has the best mean (5.045 ± 0.044) and Fast is number 3 of 3" in said()


def test_the_headline_says_what_an_update_costs():
    assert "An update costs Fast 400 µs, Slow 1.30 ms" in said()


def test_a_close_race_has_no_winner():
    target = {"metric": "nll.test", "below": 4.0}
    text = said(example.all_well(), target=target)
    assert text.startswith("No clear winner on nll.test: ")
    assert "more seeds, a guess: " in text


def test_methods_within_the_margin_are_equivalent():
    target = {"metric": "nll.test", "below": 4.0}
    text = said(example.all_well(), target=target, margin={"nll.test": 1.0})
    assert "they are equivalent" in text


def test_the_headline_names_lost_seeds():
    assert "counted against their method as its worst value: Twin seeds 4, 5." in said()


def test_two_seeds_have_no_winner():
    few = [r for r in example.all_well() if r.seed < 2]
    assert "No clear winner" in said(few)
    assert "at least 3 seeds" in said(few)


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
    assert said(target=None).startswith("Fast wins on hamming.train")


def test_without_any_record_there_is_nothing_to_say():
    summary = summarise(example.run(), [])
    assert "Nothing to compare yet" in headline(summary, summary.boards[0])[0]


def test_a_favourite_that_has_a_value_on_some_seeds_is_not_told_to_have_none():
    records = [
        example.without_end(r, "nll.test")
        if (r.method, r.seed) in (("Fast", 1), ("Fast", 2))
        else r
        for r in example.records()
    ]
    text = said(records)
    assert "Fast has no value" not in text
    assert "nll.test (Slow; Fast has it on 4 of 6 seeds)" in text
