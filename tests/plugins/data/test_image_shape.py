import pytest
import torch

from ebmbench import DataError
from ebmbench_data.image_shape import image_shape, kept

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("visible", "given", "shape"),
    [(49, None, (7, 7)), (50, None, (1, 50)), (15, (3, 5), (3, 5)), (1, None, (1, 1))],
)
def test_an_image_is_as_given_or_a_square_or_a_row(visible, given, shape):
    assert image_shape(visible, given, "here") == shape


def test_a_shape_must_make_all_pixels():
    with pytest.raises(DataError, match=r"here: 'shape: \[3, 4\]' makes 12 pixels of the 15"):
        image_shape(15, (3, 4), "here")


@pytest.mark.parametrize(
    ("keep", "shape", "given"),
    [
        ("top-half", (5, 2), ["11", "11", "00", "00", "00"]),
        ("left-half", (2, 5), ["11000", "11000"]),
        ("top-row", (3, 2), ["11", "00", "00"]),
        ("top-half", (1, 5), ["11000"]),
        ("top-row", (1, 5), ["11000"]),
    ],
)
def test_what_a_reconstruction_is_given(keep, shape, given):
    rows = kept(keep, shape, CPU).reshape(shape).int().tolist()
    assert ["".join(map(str, row)) for row in rows] == given
