"""The headline of a made-up run."""

from __future__ import annotations

from ebmbench.report.headline import headline
from ebmbench.summary import summarise
from support import journal_example as example


def said(**report) -> str:
    summary = summarise(example.run(**report), example.records())
    return " ".join(headline(summary, summary.boards[0]))


def test_the_headline_says_who_won_by_how_much_and_how_surely():
    text = said()
    assert text.startswith("Fast wins on hamming.test: 0.00984 ± 0.00017 fraction of pixels")
    assert "better on 100 % of 5 paired seeds" in text
    assert "no p-value below 6 pairs" in text


def test_the_headline_says_where_another_method_wins():
    assert "on nll.test Twin has the best mean (5.03 ± 0.17) and Fast is number 3 of 3" in said()


def test_the_headline_says_what_an_update_costs():
    assert "An update costs Fast 400 µs, Slow 1.30 ms" in said()


def test_a_close_race_has_no_winner():
    target = {"metric": "nll.test", "below": 4.0}
    assert said(target=target).startswith("No clear winner on nll.test: Twin has the best mean")
    assert "more seeds)" in said(target=target)


def test_methods_within_the_margin_are_equivalent():
    target = {"metric": "nll.test", "below": 4.0}
    assert "they are equivalent" in said(target=target, margin={"nll.test": 1.0})


def test_without_a_target_the_first_column_is_judged():
    assert said(target=None).startswith("Fast wins on hamming.train")


def test_without_any_record_there_is_nothing_to_say():
    summary = summarise(example.run(), [])
    assert "Nothing to compare yet" in headline(summary, summary.boards[0])[0]
