"""The height and width of images, and the part of them that a reconstruction is given."""

from __future__ import annotations

from math import isqrt
from typing import Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import DataError

Side = Annotated[int, Field(ge=1, le=100_000)]
Shape = tuple[Side, Side]
Keep = Literal["top-half", "left-half", "top-row"]


def image_shape(visible: int, given: Shape | None, place: str) -> Shape:
    """(height, width) as given; else a square, or one row where V is no square.

    Raises:
        DataError: what is given does not make V pixels; ``place`` says where they come from.
    """
    if given is None:
        side = isqrt(visible)
        return (side, side) if side * side == visible else (1, visible)
    if given[0] * given[1] != visible:
        wrong = f"'shape: {list(given)}' makes {given[0] * given[1]} pixels of the {visible} there"
        raise DataError(place, f"{wrong} are", "Change 'shape' or leave it out.")
    return given


def kept(keep: Keep, shape: Shape, device: torch.device) -> Tensor:
    """(V,) bool: the upper half of the rows, the left half of each row, or the first row.

    Of an image that is one row the left half is kept, whatever is asked for: its upper half
    would be nothing, its first row everything.
    """
    height, width = shape
    row = torch.arange(height, device=device).unsqueeze(1).expand(shape)
    if keep == "left-half" or height == 1:
        given = torch.arange(width, device=device).expand(shape) < width // 2
    else:
        given = row < (1 if keep == "top-row" else height // 2)
    return given.flatten()
