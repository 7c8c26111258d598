"""Random splits into images to train on and images held out."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from torch import Tensor

from ebmbench import DataError, Noise
from ebmbench_data.grey import Grey
from ebmbench_data.images import ImageOptions

Split = Literal["random", "shared"]


class SplitOptions(ImageOptions):
    """How images that come in one piece are split."""

    split: Split = Field(
        "random", description="A random split of each seed's own, or one that all seeds share"
    )
    held_out: float = Field(0.2, gt=0, lt=1, description="Share of the images held out as test set")


def random_order(n: int, split: Split, noise: Noise) -> Tensor:
    """A random order of n things: (R, n), each seed its own, or (1, n), the same for all."""
    if split == "shared":
        noise = Noise([0], "the split that all seeds share", device=noise.device)
    return noise.permutation(n)


def held_out_of(n: int, share: float) -> int:
    """How many of n things a split holds out; at least one stays on either side."""
    return min(max(round(share * n), 1), n - 1)


def split_images(grey: Grey, options: SplitOptions, noise: Noise, place: str) -> tuple[Grey, Grey]:
    """Train and test: a random split of images that all replicas share.

    Raises:
        DataError: there is one image only; ``place`` says where it comes from.
    """
    if grey.images < 2:
        raise DataError(place, "one image cannot be split", "Take more.")
    mixed = grey.on(noise.device).reordered(random_order(grey.images, options.split, noise))
    held_out = held_out_of(grey.images, options.held_out)
    return mixed.part(slice(held_out, None)), mixed.part(slice(held_out))
