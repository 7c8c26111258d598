"""The 8x8 digits, and what datasets that are split at random have in common."""

import pytest
import torch
from sklearn.datasets import load_digits

from ebmbench import DataError, Noise
from ebmbench_data import Digits

IMAGES, LABELS = (torch.from_numpy(part) for part in load_digits(return_X_y=True))


def load(seeds=(0, 1), **options):
    return Digits(Digits.Options(**options)).load(Noise(seeds, "data"))


def rows_and_labels(v, labels):
    return sorted((*row, label) for row, label in zip(v.tolist(), labels.tolist(), strict=True))


def test_each_digit_stands_on_one_side_with_its_label():
    splits = load()
    assert splits.train.shape == (2, 1438, 64)
    assert splits.test.shape == (2, 359, 64)
    for r in range(2):
        v = torch.cat([splits.train[r], splits.test[r]])
        labels = torch.cat([splits.train_labels[r], splits.test_labels[r]])
        expected = torch.where(IMAGES > 0.3 * 16, 1.0, -1.0)
        assert rows_and_labels(v, labels) == rows_and_labels(expected, LABELS)


def test_each_seed_has_its_own_split_whoever_is_beside_it():
    together, alone = load((5, 7)), load((7,))
    assert torch.equal(together.train[1], alone.train[0])
    assert torch.equal(together.test_labels[1], alone.test_labels[0])
    assert not torch.equal(together.train[0], together.train[1])


def test_a_shared_split_is_the_same_for_all_seeds_and_held_once():
    splits, others = load((5, 7), split="shared"), load((11,), split="shared")
    assert splits.train.stride(0) == splits.train_labels.stride(0) == 0
    assert torch.equal(splits.train[:1], others.train)


def test_labels_are_chosen_first_then_the_share_then_the_number():
    splits = load(labels=(3, 5), held_out=0.5, train=101, test=53)
    count = int(((LABELS == 3) | (LABELS == 5)).sum())
    assert load(labels=(3, 5), held_out=0.5).test.shape[1] == round(count / 2)
    assert splits.train.shape == (2, 101, 64)
    assert splits.test.shape == (2, 53, 64)
    assert set(splits.train_labels.flatten().tolist()) == {3, 5}


def test_draws_are_each_replicas_own():
    options = {"binarize": {"rule": "bernoulli", "every": "epoch"}, "split": "shared"}
    splits = load(**options)
    assert not torch.equal(splits.train[0], splits.train[1])
    assert splits.train_labels.stride(0) == 0
    anew = splits.redraw(Noise((0, 1), "redraw"))
    assert anew.shape == splits.train.shape
    assert 0.02 < (anew != splits.train).float().mean() < 0.5


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"labels": (11,)}, r"digits: no image has a label of \[11\]. There are: 0, 1, 2, 3"),
        ({"train": 1439}, r"digits: 'train: 1439' asks for more than the 1438 images"),
        ({"test": 360}, r"digits: 'test: 360' asks for more than the 359 images"),
    ],
)
def test_what_is_not_there_cannot_be_taken(options, says):
    with pytest.raises(DataError, match=says):
        load(**options)
