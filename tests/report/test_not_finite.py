"""A method that is ahead though some of its values are no numbers, told in the same breath."""

from __future__ import annotations

import pytest

from ebmbench.report.answer import answer
from ebmbench.report.headline import headline
from ebmbench.summary import summarise
from support import journal_example as example

WHY = "its parameters may have exploded"


def exploded(seeds=example.SEEDS, method="Fast", values=("nll.train", "nll.test")):
    """The example's records, without a number at the end on some seeds of a method."""
    found = []
    for record in example.records():
        if record.method == method and record.seed in seeds and record.curves:
            for value in values:
                record = example.without_end(record, value)
        found.append(record)
    return found


def said(records, run=None):
    summary = summarise(run or example.run(), records)
    return headline(summary, summary.boards[0])


def test_who_wins_is_told_in_one_sentence_with_what_is_not_finite():
    first = said(exploded())[0]
    assert "Fast wins on bars" in first
    assert first.endswith(
        f", though its nll.train and nll.test are not finite on all 6 seeds: {WHY}."
    )


def test_of_some_seeds_it_is_told_on_how_many():
    first = said(exploded(seeds=[1, 2], values=["nll.test"]))[0]
    assert f", though its nll.test is not finite on 2 of 6 seeds: {WHY}, and its " in first


def test_nothing_is_said_where_all_is_finite_nor_of_who_has_not_won():
    assert WHY not in " ".join(said(example.records()))
    assert WHY not in " ".join(said(exploded(method="Twin")))


def test_a_value_that_a_metric_says_why_it_may_lack_is_not_one_that_is_not_finite():
    run = example.run_with_nll(missing="the chains were too short")
    assert WHY not in " ".join(said(exploded(), run))


def test_where_the_first_place_is_shared_it_is_told_right_after():
    run = example.run(target={"metric": "gradient_error", "below": 0.01})
    first, second, *_ = said(exploded(method="Slow"), run)
    assert "share the first place" in first
    assert second.startswith("Slow's nll.train and nll.test are not finite on all 5 seeds")


@pytest.mark.parametrize("seeds", [1, 2])
def test_with_few_seeds_it_is_told_of_who_is_ahead(seeds):
    records = [record for record in exploded() if record.seed < seeds]
    (told,) = [each for each in said(records) if "Fast is ahead" in each]
    assert WHY in told


def test_over_several_datasets_it_is_told_of_which():
    run = example.changed(example.run(), datasets=("bars", "bas"))
    there = [example.changed(r, dataset="bas", id=r.id + "x") for r in example.records()]
    first = answer(summarise(run, [*exploded(), *there]))[0]
    assert first.startswith("Fast wins on")
    assert first.endswith(f", though not all its values are finite on bars: {WHY}.")
