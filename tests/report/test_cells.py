"""Cells of the tables."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from ebmbench.report.cells import between_updates, value_lines, verdict_lines
from ebmbench.summary import summarise
from ebmbench.summary.statistics import Bounds, compare, interval
from ebmbench.summary.targets import medians
from support import journal_example as example


def test_below_three_pairs_there_is_no_verdict():
    few = [record for record in example.records() if record.seed < 2]
    row = summarise(example.run(), few).boards[0].row("Twin")
    first, *others = verdict_lines(row.against["hamming.test"])
    assert first.startswith("no verdict (")
    assert others[-1] == "needs at least 3 seeds"


def test_an_inconclusive_verdict_says_what_would_settle_it():
    c = compare([1.0, 2.0, 4.0, 2.5], [1.5, 1.0, 3.5, 2.6], "lower")
    assert "needs ~" in "\n".join(verdict_lines(c))
    alone = compare([1.0, 1.1], [2.0, 2.3], "lower")
    assert "needs at least 3 seeds" in "\n".join(verdict_lines(alone))
    hopeless = replace(c, more_seeds=None)
    assert "1000 seeds may not do" in "\n".join(verdict_lines(hopeless))


def test_the_guess_of_more_seeds_has_its_range():
    c = compare([1.0, 2.0, 4.0, 2.5], [1.5, 1.0, 3.5, 2.6], "lower")
    least, most = c.more_between
    assert f"a guess: {least} to {most or 'over 1000'}" in "\n".join(verdict_lines(c))


def test_equal_values_are_told_as_such_and_not_as_certain():
    assert value_lines(interval([0.0] * 5, Bounds.of(0, 1))) == ["0", "on 5 of 5", "≤52 % differ"]


def test_a_value_of_some_seeds_says_of_how_many():
    assert value_lines(interval([1.0, 2.0, 4.0], of=6))[-1] == "(3 of 6)"


def test_the_median_time_has_a_range_or_an_interval():
    few = medians([(at, 10 * at, 0.1 * at) for at in (3, 5, 9, inf)])
    assert (few.updates, between_updates(few)) == (70, " (30 to never)")
    many = medians([(at, 10 * at, 0.1 * at) for at in range(1, 12)])
    assert (many.updates, many.least[1], many.most[1]) == (60, 20, 100)
    assert between_updates(medians([(3, 30, 0.3)])) == ""
