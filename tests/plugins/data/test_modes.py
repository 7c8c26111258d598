"""Modes of unequal weights: what is drawn is what was asked for."""

import pytest
import torch
from pydantic import ValidationError

from ebmbench import Noise
from ebmbench_data.modes import Modes


def modes(**options):
    return Modes(Modes.Options(**options))


def test_rows_are_flipped_patterns_in_their_shares():
    dataset = modes(rows=20_000)
    splits, centres = dataset.load(Noise([0, 1], "data")), dataset.centres()
    assert splits.train.shape == (2, 20_000, 8)
    near = (splits.train @ centres.T).argmax(-1)
    shares = torch.stack([(near == mode).double().mean(1) for mode in range(4)], 1)
    wanted = torch.tensor([0.5, 0.25, 0.15, 0.1], dtype=torch.float64)
    assert ((shares - wanted).abs() < 0.02).all()
    off = (splits.train != centres[near]).double().mean()
    assert 0.02 < off < 0.035  # of 0.03, some that are nearer to another mode
    assert not torch.equal(splits.train[0], splits.train[1])
    assert not torch.equal(splits.train, splits.test)


def test_patterns_are_the_same_for_all_seeds_and_differ_from_each_other():
    assert torch.equal(modes().centres(), modes().centres())
    assert not torch.equal(modes().centres(), modes(patterns=1).centres())
    every = modes(weights=(0.125,) * 8, visible=3).centres()
    assert len({tuple(row) for row in every.tolist()}) == 8


def test_without_flips_rows_are_patterns():
    dataset = modes(flips=0.0, rows=50)
    rows = {tuple(row) for row in dataset.load(Noise([0], "data")).train[0].tolist()}
    assert rows <= {tuple(row) for row in dataset.centres().tolist()}


def test_weights_that_do_not_sum_to_one_are_told():
    with pytest.raises(ValidationError, match=r"sum to 0\.9, not to one"):
        modes(weights=(0.5, 0.4))
