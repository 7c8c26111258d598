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
    assert (c.pairs, c.dropped, c.family) == (5, 1, 2)
    assert c.verdict == "better"


def test_the_baseline_is_not_compared_with_itself(board):
    assert board.row("Slow").against == {}


def test_the_margin_makes_methods_equivalent(board):
    assert board.row("Twin").against["hamming.test"].verdict == "equivalent"
    assert board.row("Twin").against["nll.test"].verdict == "inconclusive"


def test_without_a_baseline_nothing_is_compared():
    summary = summarise(example.run(baseline=None), example.records())
    assert all(row.against == {} and row.negative_ratio is None for row in summary.boards[0].rows)
