"""Datasets that are published as four IDX files."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from ebmbench import DataError, Dataset, Noise, Splits
from ebmbench_data.about_file import about_sides
from ebmbench_data.fetch import Mirror
from ebmbench_data.idx_example import write_example
from ebmbench_data.idx_set import IDXSet, grey_images, locate, passed_over
from ebmbench_data.images import ImageOptions, splits_of
from ebmbench_data.subset import of_labels


class IDXDataset(Dataset, ABC):
    """Interface: a training and a test set of grey images; a subclass says where they are had."""

    mirror: ClassVar[Mirror]

    class Options(ImageOptions):
        folder: str | None = Field(
            None, description="Where the four IDX files are; by default $EBMBENCH_DATA, or fetched"
        )
        url: str | None = Field(
            None,
            pattern=r"^https?://",
            description="A mirror to fetch the published files from, http:// or https://",
        )

    options: Any

    @classmethod
    def examples(cls, folder: Path) -> Sequence[dict[str, Any]]:
        """Four small files, so that nothing is fetched."""
        write_example(folder)
        return [{"folder": str(folder)}, {"folder": str(folder), "train": 7, "labels": (0, 2)}]

    def files(self) -> IDXSet:
        """The four files; they are fetched if need be."""
        mirror = self.mirror._replace(url=self.options.url or self.mirror.url)
        return locate(mirror, self.options.folder)

    def notes(self) -> Sequence[str]:
        """Where the user's data folder was passed over, and what sets the two sides apart."""
        files, told = self.files(), []
        missed = passed_over(self.mirror.name) if self.options.folder is None else None
        if missed:
            told.append(f"{missed}; they come from {files.train_images.parent}.")
        train, _ = grey_images(files.train_images, files.train_labels)
        test, _ = grey_images(files.test_images, files.test_labels)
        place = files.train_images.parent
        sides = about_sides(train, test, self.options.binarize)
        return [*told, *(f"{place}: {each}" for each in sides)]

    def load(self, noise: Noise) -> Splits:
        files, labels = self.files(), self.options.labels
        train, shape = grey_images(files.train_images, files.train_labels)
        test, other = grey_images(files.test_images, files.test_labels)
        _same(shape, other, files.test_images)
        return splits_of(
            of_labels(train, labels, str(files.train_labels)),
            of_labels(test, labels, str(files.test_labels)),
            shape,
            self.options,
            noise,
            place=str(files.train_images.parent),
        )


def _same(shape: tuple[int, int], other: tuple[int, int], file: Path) -> None:
    """Images to test on must be as large as those to train on."""
    if shape != other:
        (h, w), (m, n) = shape, other
        problem = f"images of {m}x{n} pixels, where those to train on have {h}x{w}"
        raise DataError(str(file), problem, "Get both files from one source.")
