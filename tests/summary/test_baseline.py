"""Comparisons with the baseline."""

from __future__ import annotations

import numpy as np
import pytest

from ebmbench.summary import summarise
from support import journal_example as example


def test_comparisons_are_paired_by_seed_and_count_the_dropped(board):
    c = board.row("Fast").against["hamming.test"]
    fast, slow = (example.finals(m, "hamming.test") for m in ("Fast", "Slow"))
    d = np.array(fast[:5]) - slow
    assert c.difference.mean == pytest.approx(d.mean())
    assert (c.pairs, c.dropped, c.lost) == (5, 1, 0)
    assert c.family == 4  # Fast and Twin here, and Slow ahead of Fast on two other columns
    assert c.verdict == "better"


def test_the_baseline_is_not_compared_with_itself(board):
    assert board.row("Slow").against == {}


def test_the_margin_makes_methods_equivalent():
    board = summarise(example.run(), example.all_well()).boards[0]
    assert board.row("Twin").against["hamming.test"].verdict == "equivalent"
    assert board.row("Twin").against["nll.test"].verdict == "inconclusive"


def test_lost_seeds_leave_it_open(board):
    c = board.row("Twin").against["hamming.test"]
    assert (c.verdict, c.pairs, c.lost) == ("inconclusive", 4, 1)


def test_a_value_that_some_seeds_lack_is_not_judged():
    first, *others = example.all_well()
    board = summarise(example.run(), [example.without_end(first, "nll.test"), *others]).boards[0]
    row = board.row(first.method)
    assert row.final["nll.test"].partial
    assert str(row.final["nll.test"]).endswith("(5 of 6)")
    assert "nll.test" not in row.against
    assert row.method not in board.leads["nll.test"].ranking
    assert "nll.train" in row.against


def test_without_a_baseline_nothing_is_compared():
    summary = summarise(example.run(baseline=None), example.records())
    assert all(row.against == {} and row.negative_ratio is None for row in summary.boards[0].rows)
