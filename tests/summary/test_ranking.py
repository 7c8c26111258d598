"""Who leads on a value."""

from __future__ import annotations

from ebmbench.summary import summarise
from support import journal_example as example


def test_the_leader_is_compared_with_the_runner_up(board):
    lead = board.leads["hamming.test"]
    assert (lead.best, lead.rival, lead.comparison.verdict) == ("Fast", "Slow", "better")


def test_elsewhere_the_leader_is_compared_with_the_winner(board):
    lead = board.leads["nll.test"]
    assert (lead.best, lead.rival, lead.comparison.verdict) == ("Slow", "Fast", "better")


def test_lost_seeds_count_as_the_worst_value(board):
    survivors = {row.method: row.final["nll.test"].mean for row in board.rows}
    assert min(survivors, key=survivors.get) == "Twin"  # by the four seeds that ended well
    assert board.leads["nll.test"].ranking == ("Slow", "Twin", "Fast")


def test_the_winner_elsewhere_claims_nothing_there():
    records = example.all_well()
    turned = example.run(target={"metric": "hamming.train", "below": 0.05})
    lead = summarise(turned, records).boards[0].leads["hamming.test"]
    assert (lead.best, lead.comparison) == ("Fast", None)
