"""Final values."""

from __future__ import annotations

from ebmbench.summary import summarise
from ebmbench.summary.statistics import interval
from support import journal_example as example


def test_final_values_are_over_the_seeds_that_are_done(board):
    assert board.row("Twin").final["nll.test"] == interval(example.finals("Twin", "nll.test"), of=4)


def test_a_value_a_method_lacks_is_absent(board):
    assert "gradient_error" not in board.row("Fast").final
    assert "gradient_error" not in board.row("Fast").against


def test_a_final_value_that_is_not_finite_is_left_out():
    first, *others = (example.record("Fast", seed) for seed in example.SEEDS)
    records = [example.without_end(first, "nll.test"), *others]
    row = summarise(example.run(), records).boards[0].row("Fast")
    assert row.final["nll.test"].n == row.final["nll.train"].n - 1


def test_a_seed_that_diverged_adds_nothing_to_means_even_with_finite_values():
    row = summarise(example.run(), example.diverged_late()).boards[0].row("Fast")
    assert row.final["hamming.test"].n == 5
    assert {i.n for i in row.curves["hamming.test"].values} == {5}
