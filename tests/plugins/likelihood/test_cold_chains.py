"""Where the way back starts: rows by weight, and rows of the data."""

from __future__ import annotations

import torch

from ebmbench import Noise
from ebmbench_likelihood.cold_chains import resampled, shuffled


def test_data_come_in_random_order_over_and_over():
    rows, order = torch.arange(6.0).view(2, 3, 1), torch.tensor([[2, 0, 1], [0, 1, 2]])
    assert shuffled(rows, 5, order).squeeze(2).tolist() == [[2, 0, 1, 2, 0], [3, 4, 5, 3, 4]]
    assert shuffled(rows, 2, order).squeeze(2).tolist() == [[2, 0], [3, 4]]


def counts(log_weights, rows, seeds=(1, 2)):
    """How often each row is taken, (R, N)."""
    N = log_weights.shape[1]
    v = torch.arange(float(N)).view(1, N, 1).expand(len(seeds), -1, -1)
    taken = resampled(v, log_weights.expand(len(seeds), -1), rows, Noise(seeds, "resample"))
    return torch.stack([(taken.squeeze(2) == n).sum(1) for n in range(N)], 1)


def test_each_row_is_taken_as_often_as_its_weight_says_up_to_one():
    w = torch.tensor([[0.5, 0.0, 0.2, 0.3]]).double()
    for rows in (1, 7, 10, 1001):
        found = counts(w.log(), rows)
        assert (found.sum(1) == rows).all()
        assert ((found - w * rows).abs() < 1 + 1e-9).all()


def test_weights_of_any_size_will_do():
    log_w = torch.tensor([[-1e5, -1e5 - 700, -1e5]]).double()
    assert counts(log_w, 10).tolist() == [[5, 0, 5]] * 2


def test_a_diverged_replica_leaves_the_others_theirs():
    log_w = torch.tensor([[float("nan"), 0.0, float("inf")], [0.0, -900.0, -900.0]]).double()
    v = torch.arange(3.0).view(1, 3, 1).expand(2, -1, -1)
    taken = resampled(v, log_w, 4, Noise([1, 2], "resample"))
    assert taken[1].flatten().tolist() == [0, 0, 0, 0]
