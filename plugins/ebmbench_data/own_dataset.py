"""What datasets of a user's own files have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import Field

from ebmbench import Dataset, Noise, Splits
from ebmbench_data.about_file import about_file
from ebmbench_data.grey import Grey
from ebmbench_data.image_shape import Shape, image_shape
from ebmbench_data.images import splits_of
from ebmbench_data.own_path import own_path
from ebmbench_data.own_rows import Numbers
from ebmbench_data.split import SplitOptions, split_images
from ebmbench_data.subset import of_labels


class OwnOptions(SplitOptions):
    """A file of a user's own, and what its numbers mean."""

    file: str = Field(min_length=1, description="The file, from where ebmbench is started")
    shape: Shape | None = Field(
        None, description="[height, width] of an image; by default a square, or else one row"
    )
    white: float | None = Field(
        None, gt=0, description="The level of a white pixel; by default 1, or 255 where it is clear"
    )


class OwnImages(NamedTuple):
    """What is in a user's file.

    Attributes:
        numbers: all rows, and where they stand.
        train: all images, or those to train on.
        test: those to test on, if the file tells them apart.
        shape: (height, width), if the file says so.
        remarks: what was taken for granted, as whole sentences.
    """

    numbers: Numbers
    train: Grey
    test: Grey | None = None
    shape: Shape | None = None
    remarks: tuple[str, ...] = ()


class OwnDataset(Dataset, ABC):
    """Interface: images in one file; a subclass reads it."""

    options: Any
    labels_remedy = "Leave 'labels' out."

    @abstractmethod
    def own_images(self) -> OwnImages:
        """What is in the file.

        Raises:
            DataError: it cannot be read as images.
        """

    def files(self) -> tuple[Path]:
        """The one file."""
        return (own_path(self.options.file),)

    def load(self, noise: Noise) -> Splits:
        own, options, place = self.own_images(), self.options, str(*self.files())
        shape = image_shape(own.numbers.rows.shape[1], options.shape or own.shape, place)
        train = of_labels(own.train, options.labels, place, self.labels_remedy)
        if own.test is None:
            train, test = split_images(train, options, noise, place)
        else:
            test = of_labels(own.test, options.labels, place, self.labels_remedy)
        return splits_of(train, test, shape, options, noise, place)

    def notes(self) -> Sequence[str]:
        """What was taken for granted of the file, and what looks odd in it."""
        own, (file,) = self.own_images(), self.files()
        binarize, white = self.options.binarize, self.options.white
        told = about_file(own.numbers, own.train, own.test, binarize, white)
        return [*own.remarks, *(f"{file}: {each}" for each in told)]
