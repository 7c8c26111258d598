"""A user's own numbers: spins, bits or grey levels, checked row by row."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field

from ebmbench import DataError
from ebmbench_data.grey import Grey
from ebmbench_data.image_shape import Shape
from ebmbench_data.split import SplitOptions

PlaceOf = Callable[[int], str]
"""Where the row of this number stands, for a message."""

REMEDY = "Give spins (-1, 1), bits (0, 1), numbers in [0, 1] or whole numbers from 0 to 255."


class OwnOptions(SplitOptions):
    """A file of a user's own, and what its numbers mean."""

    file: str = Field(min_length=1, description="The file, from where ebmbench is started")
    shape: Shape | None = Field(
        None, description="[height, width] of an image; by default a square, or else one row"
    )
    white: float | None = Field(
        None, gt=0, description="The level of a white pixel; by default 1, or 255 if any is above 1"
    )


def grey_rows(rows: NDArray[np.float32], white: float | None, place_of: PlaceOf) -> Grey:
    """Images that all replicas share, from (N, V) numbers.

    Spins are told by a -1 among them, and full scale, where it is not given, by a number above 1.

    Raises:
        DataError: a row holds what is no level.
    """
    _no_row(~np.isfinite(rows), rows, "no number", place_of)
    if rows.min() < 0:
        _no_row(abs(rows) != 1, rows, "no spin, where others are", place_of)
        return Grey(torch.from_numpy(rows.clip(0))[None], 1.0)
    top = white or (1.0 if rows.max() <= 1 else 255.0)
    _no_row(rows > top, rows, f"above full scale, {top:g}", place_of)
    if white is None and top == 255:
        _no_row(rows != rows.round(), rows, "not whole, where others are above 1", place_of)
    return Grey(torch.from_numpy(rows)[None], top)


def _no_row(
    wrong: NDArray[np.bool_], rows: NDArray[np.float32], what: str, place_of: PlaceOf
) -> None:
    """Complain of the first number that is wrong."""
    if wrong.any():
        row, column = np.argwhere(wrong)[0].tolist()
        raise DataError(
            place_of(row), f"{rows[row, column]:g} in column {column} is {what}", REMEDY
        )
