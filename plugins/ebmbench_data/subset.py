"""A part of a dataset: some labels, and the first images of each side."""

from __future__ import annotations

from typing import Annotated

import torch
from pydantic import Field

from ebmbench import DataError, Options
from ebmbench_data.grey import Grey


class Subset(Options):
    """Which images of a dataset are taken: by label first, then by number."""

    labels: tuple[Annotated[int, Field(ge=0, le=2**31)], ...] | None = Field(
        None, min_length=1, description="Take only images with these labels"
    )
    train: int | None = Field(
        None, ge=1, le=100_000_000, description="Take so many training images, the first"
    )
    test: int | None = Field(
        None, ge=1, le=100_000_000, description="Take so many test images, the first"
    )


def of_labels(
    grey: Grey, labels: tuple[int, ...] | None, place: str, remedy: str = "Leave 'labels' out."
) -> Grey:
    """The images that all share and that have one of these labels; all where ``labels`` is None.

    Raises:
        DataError: there are none, or no labels, which ``remedy`` mends; ``place`` says where they
            come from.
    """
    if labels is None:
        return grey
    if grey.labels is None:
        raise DataError(place, "there are no labels to choose by", remedy)
    chosen = torch.isin(grey.labels[0], torch.tensor(labels))
    if not chosen.any():
        there = ", ".join(map(str, sorted(set(grey.labels.flatten().tolist()))))
        raise DataError(place, f"no image has a label of {list(labels)}", f"There are: {there}.")
    return grey.part(chosen)


def first(grey: Grey, n: int | None, option: str, place: str) -> Grey:
    """The first n images of each replica; all where n is None.

    Raises:
        DataError: there are not so many.
    """
    if n is not None and n > grey.images:
        problem = f"'{option}: {n}' asks for more than the {grey.images} images there are"
        raise DataError(place, problem, f"Lower '{option}'.")
    return grey.part(slice(n))
