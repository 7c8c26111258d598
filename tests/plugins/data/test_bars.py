import pytest
import torch
from pydantic import ValidationError

from ebmbench import DataError, Noise
from ebmbench_data import Bars, BarsAndStripes


def load(dataset, R=2, **options):
    return dataset(dataset.Options(**options)).load(Noise(range(R), "data"))


def rows(images):
    return {tuple(row) for row in images.int().tolist()}


def columns_of(images, size):
    """The first row of each image, after a look that all rows are alike."""
    square = images.reshape(-1, size, size)
    assert (square == square[:, :1]).all()
    return {"".join("1" if x > 0 else "0" for x in image) for image in square[:, 0].tolist()}


def test_the_published_split_is_the_papers():
    splits = load(Bars, size=4, split="published")
    codes = {"1000", "1100", "1110", "1011", "1101"}
    negatives = {code.translate(str.maketrans("01", "10")) for code in codes}
    assert columns_of(splits.train[0], 4) == codes | negatives
    assert columns_of(splits.test[1], 4) == {"1010", "1001", "0101", "0110"}
    assert splits.train.shape == (2, 10, 16)


@pytest.mark.parametrize(("size", "count"), [(2, 2), (3, 6), (5, 30)])
def test_bars_are_all_images_but_the_uniform_ones(size, count):
    splits = load(Bars, size=size) if size > 2 else None
    if splits is None:  # one pair cannot be split
        return
    everything = rows(splits.train[0]) | rows(splits.test[0])
    assert len(everything) == count
    assert len(columns_of(torch.tensor(sorted(everything)), size)) == count


def test_12x12_bars_and_stripes_are_8188_images_80_to_20():
    splits = load(BarsAndStripes, R=1, size=12)
    assert splits.train.shape[1] + splits.test.shape[1] == 8188
    assert splits.test.shape[1] == pytest.approx(0.2 * 8188, abs=2)
    assert len(rows(splits.train[0]) | rows(splits.test[0])) == 8188


def test_half_of_bars_and_stripes_are_bars():
    splits = load(BarsAndStripes, size=3)
    images = torch.cat([splits.train[0], splits.test[0]]).reshape(-1, 3, 3)
    bars = (images == images[:, :1]).all((1, 2))
    stripes = (images == images[:, :, :1]).all((1, 2))
    assert bars.sum() == stripes.sum() == 6
    assert (bars | stripes).all()


@pytest.mark.parametrize("dataset", [Bars, BarsAndStripes])
def test_a_random_split_keeps_each_image_with_its_negative(dataset):
    splits = load(dataset, R=5, size=4)
    for r in range(5):
        for part in (splits.train[r], splits.test[r]):
            assert rows(part) == rows(-part)
        assert not rows(splits.train[r]) & rows(splits.test[r])
    assert not torch.equal(splits.train[0], splits.train[1])


@pytest.mark.parametrize(
    ("dataset", "options"),
    [(Bars, {}), (Bars, {"split": "published"}), (BarsAndStripes, {"split": "shared"})],
)
def test_what_is_cut_out_to_validate_with_are_pairs_too(dataset, options):
    splits = load(dataset, R=3, size=4, **options)
    held = splits.hold_out(0.3, Noise([0], "held out"))
    for r in range(3):
        mine, others = rows(held.train[r]), rows(held.test[r])
        assert others == rows(-held.test[r])
        assert not mine & others
        assert mine | others == rows(splits.train[r])
    assert held.test.shape[1] == 2 * round(0.3 * splits.train.shape[1] / 2)


def test_of_a_single_pair_nothing_is_cut_out():
    splits = load(Bars, size=3, test=0.6)
    with pytest.raises(DataError, match=r"3x3 images: of a single image .* Raise 'size'"):
        splits.hold_out(0.3, Noise([0], "held out"))


def test_a_reconstruction_is_given_the_top_row():
    assert load(Bars, size=3).keep.reshape(3, 3).tolist() == [[True] * 3, [False] * 3, [False] * 3]


def test_the_published_split_is_of_4x4_only():
    with pytest.raises(ValidationError, match="4x4"):
        Bars.Options(size=5, split="published")
