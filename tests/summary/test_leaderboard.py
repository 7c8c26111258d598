"""Rows of a dataset: who has one, and how its seeds ended."""

from __future__ import annotations

from ebmbench.summary import summarise
from support import journal_example as example


def test_seeds_are_counted_by_how_they_ended(board):
    counts = {row.method: row.seeds for row in board.rows}
    assert (counts["Twin"].done, counts["Twin"].diverged, counts["Twin"].failed) == (4, 1, 1)
    assert (counts["Slow"].done, counts["Slow"].missing) == (5, 1)


def test_a_skipped_method_has_no_row(board):
    assert [row.method for row in board.rows] == ["Fast", "Slow", "Twin"]


def test_a_run_of_which_nothing_is_there_can_be_summed_up():
    summary = summarise(example.run(), [])
    assert [row.seeds.missing for row in summary.boards[0].rows] == [6, 6, 6]
    assert summary.boards[0].leads == {}
