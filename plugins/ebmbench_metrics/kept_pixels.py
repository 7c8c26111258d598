"""Which pixels of an image a reconstruction is given."""

from __future__ import annotations

import math
from typing import Literal

import torch
from torch import Tensor

from ebmbench import Noise

Region = Literal["top", "bottom", "left", "right", "centre", "checkerboard"]


def kept_pixels(region: Region, share: float, image: tuple[int, int]) -> Tensor:
    """The pixels of a region of a ``height x width`` image, (height * width,) bool.

    ``top`` and ``bottom`` are a share of the rows, ``left`` and ``right`` of the columns, and
    ``centre`` is a rectangle of that share of the pixels, each rounded to whole rows and columns,
    at least one; ``checkerboard`` is every other pixel, whatever the share.
    """
    height, width = image
    row, column = torch.arange(height).unsqueeze(1), torch.arange(width)
    if region == "checkerboard":
        return ((row + column) % 2 == 0).flatten()
    side = math.sqrt(share)
    inside = {
        "top": row < whole(share, height),
        "bottom": row >= height - whole(share, height),
        "left": column < whole(share, width),
        "right": column >= width - whole(share, width),
        "centre": middle(side, height).unsqueeze(1) & middle(side, width),
    }
    return inside[region].expand(height, width).flatten()


def whole(share: float, length: int) -> int:
    """So many of ``length`` rows or columns, at least one."""
    return max(1, round(share * length))


def middle(share: float, length: int) -> Tensor:
    """The middle ones of ``length`` rows or columns, (length,) bool."""
    kept = whole(share, length)
    first = (length - kept) // 2
    at = torch.arange(length)
    return (at >= first) & (at < first + kept)


def random_pixels(share: float, rows: int, pixels: int, noise: Noise) -> Tensor:
    """A share of the pixels, other ones for each image, (R, rows, pixels) bool."""
    rank = noise.words(rows, pixels).argsort(dim=-1, stable=True).argsort(dim=-1)
    return rank < whole(share, pixels)
