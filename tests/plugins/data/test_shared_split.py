"""Bars, and bars and stripes, split alike for all seeds."""

import pytest
import torch

from ebmbench import Noise
from ebmbench_data import Bars, BarsAndStripes


def load(dataset, seeds, **options):
    return dataset(dataset.Options(**options)).load(Noise(seeds, "data"))


@pytest.mark.parametrize("dataset", [Bars, BarsAndStripes])
def test_a_shared_split_is_the_same_for_all_seeds_and_held_once(dataset):
    splits, other = (load(dataset, seeds, size=5, split="shared") for seeds in ((3, 4), (11,)))
    assert splits.train.stride(0) == splits.test.stride(0) == 0
    assert torch.equal(splits.train[1:], other.train)
    assert torch.equal(splits.test[1:], other.test)


@pytest.mark.parametrize("dataset", [Bars, BarsAndStripes])
def test_a_shared_split_keeps_each_image_with_its_negative(dataset):
    splits = load(dataset, (0,), size=4, split="shared")
    for part in (splits.train[0], splits.test[0]):
        assert sorted(part.tolist()) == sorted((-part).tolist())


def test_a_shared_split_of_12x12_images_is_of_8188_images():
    splits = load(BarsAndStripes, range(100), size=12, split="shared")
    assert splits.train.shape == (100, 6550, 144)
    assert splits.test.shape == (100, 1638, 144)
    both = torch.cat([splits.train[0], splits.test[0]])
    assert len({tuple(row) for row in both.tolist()}) == 8188
