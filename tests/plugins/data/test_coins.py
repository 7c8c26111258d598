import torch

from ebmbench import Noise
from ebmbench_data import Coins


def load(seeds=(0, 1), **options):
    return Coins(Coins.Options(**options)).load(Noise(seeds, "data"))


def test_coins_are_fair_and_independent():
    splits = load(visible=7, rows=20_011)
    assert splits.train.shape == splits.test.shape == (2, 20_011, 7)
    both = torch.cat([splits.train, splits.test], dim=2)
    second_moments = both.mT @ both / 20_011
    assert (second_moments - torch.eye(14)).abs().max() < 0.04
    assert both.mean(1).abs().max() < 0.03


def test_each_seed_throws_its_own():
    assert torch.equal(load((3, 5)).train[1:], load((5,)).train)
    assert not torch.equal(*load().train)


def test_twenty_coins_are_a_row_of_which_half_is_given():
    splits = load()
    assert splits.image == (1, 20)
    assert splits.keep.tolist() == [True] * 10 + [False] * 10
