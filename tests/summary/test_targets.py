"""When the target was reached."""

from __future__ import annotations

from math import inf

import pytest

from ebmbench.summary import summarise
from support import journal_example as example


def test_the_target_is_reached_at_the_first_measured_moment_below_it(board):
    fast = board.row("Fast").to_target
    assert (fast.reached, fast.seeds) == (6, 6)
    assert (fast.epochs, fast.updates) == (30, 150)
    assert fast.seconds == pytest.approx(150 * 0.0004)


def test_a_miss_counts_as_never_and_a_diverged_seed_is_a_miss(board):
    twin = board.row("Twin").to_target
    assert (twin.reached, twin.seeds, twin.updates) == (0, 5, inf)


def test_a_seed_that_diverged_after_the_target_is_a_miss():
    reached = summarise(example.run(), example.diverged_late()).boards[0].row("Fast").to_target
    assert (reached.reached, reached.seeds) == (5, 6)


def test_a_target_can_lie_above():
    run = example.run(target={"metric": "hamming.test", "above": 0.4})
    row = summarise(run, example.records()).boards[0].row("Slow")
    assert (row.to_target.reached, row.to_target.epochs) == (5, 0)


def test_half_the_seeds_missing_the_target_make_the_median_never():
    one, other = (example.record("Fast", seed) for seed in (0, 1))
    records = [one, example.with_values(other, "hamming.test", [0.5] * len(example.EPOCHS))]
    reached = summarise(example.run(), records).boards[0].row("Fast").to_target
    assert (reached.reached, reached.epochs) == (1, inf)
