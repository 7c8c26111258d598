"""Who leads on a value."""

from __future__ import annotations


def test_the_leader_is_compared_with_the_runner_up(board):
    lead = board.leads["hamming.test"]
    assert (lead.best, lead.rival, lead.comparison.verdict) == ("Fast", "Twin", "better")


def test_elsewhere_the_leader_is_compared_with_the_winner(board):
    lead = board.leads["nll.test"]
    assert (lead.best, lead.rival, lead.comparison.verdict) == ("Twin", "Fast", "better")
    assert lead.ranking == ("Twin", "Slow", "Fast")
