"""A user's own data as numpy's arrays."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ebmbench import DataError, Dataset, Noise, Splits
from ebmbench_data.grey import Grey
from ebmbench_data.image_shape import Shape, image_shape
from ebmbench_data.images import splits_of
from ebmbench_data.own_rows import OwnOptions, grey_rows
from ebmbench_data.split import split_images
from ebmbench_data.subset import of_labels
from ebmbench_data.unchanged import read_once

DRAWN = {"rule": "bernoulli", "every": "epoch"}
Array = NDArray[np.generic]


class Arrays(NamedTuple):
    """What may stand in a file, by name."""

    train: Array
    test: Array | None = None
    train_labels: Array | None = None
    test_labels: Array | None = None


class NPZ(Dataset):
    """Your own data as numpy.savez wrote it: arrays ``train`` and, if you like, ``test``.

    An array is (N, V) or (N, height, width) of spins, bits or grey levels; ``train_labels`` and
    ``test_labels`` (N,) are whole numbers from 0. Without ``test`` a share of the images is held
    out.
    """

    name = "npz"
    shared_rows = 0.2  # of your own rows some may repeat, and drawn bits may come out the same

    class Options(OwnOptions):
        pass

    @classmethod
    def examples(cls, folder: Path) -> Sequence[dict[str, Any]]:
        """A file of labelled bits, and one of grey levels with test images."""
        rows = np.random.default_rng(0).integers(0, 256, (19, 3, 4))
        bits, grey = folder / "bits.npz", folder / "grey.npz"
        np.savez(bits, train=rows % 2, train_labels=np.arange(19) % 3)
        np.savez(grey, train=rows[:12], test=rows[12:])
        return [{"file": str(bits)}, {"file": str(grey), "binarize": DRAWN}]

    def files(self) -> tuple[Path]:
        """The one file."""
        return (Path(self.options.file).expanduser(),)

    def load(self, noise: Noise) -> Splits:
        (file,), options = self.files(), self.options
        arrays = read_arrays(file)
        given = options.shape or _shape_of(arrays.train)
        shape = image_shape(_rows(arrays.train).shape[1], given, str(file))
        images, tested = images_of(arrays, options.white, str(file))
        images = of_labels(images, options.labels, str(file))
        if tested is None:
            train, test = split_images(images, options, noise, str(file))
        else:
            train, test = images, of_labels(tested, options.labels, str(file))
        return splits_of(train, test, shape, options, noise, str(file))


@read_once
def read_arrays(file: Path) -> Arrays:
    """The arrays in a file.

    Raises:
        DataError: the file cannot be read, or an array is missing, unknown or misshapen.
    """
    content = BytesIO(file.read_bytes())
    try:
        with np.load(content) as found:
            names = {name: found[name] for name in found.files}
    except (OSError, ValueError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        problem, remedy = f"not an npz file of numbers ({error})", "Write it with numpy.savez."
        raise DataError(str(file), problem, remedy) from error
    return _checked(names, str(file))


def images_of(arrays: Arrays, white: float | None, file: str) -> tuple[Grey, Grey | None]:
    """Images to train on and, if there are any, to test; what is white is found over both."""
    train = _rows(arrays.train)
    test = train[:0] if arrays.test is None else _rows(arrays.test)

    def place_of(row: int) -> str:
        return f"{file}: {f'train[{row}]' if row < len(train) else f'test[{row - len(train)}]'}"

    both = grey_rows(np.concatenate([train, test]), white, place_of)
    images = both.part(slice(len(train)))._replace(labels=_labels(arrays.train_labels))
    if arrays.test is None:
        return images, None
    return images, both.part(slice(len(train), None))._replace(labels=_labels(arrays.test_labels))


def _checked(found: dict[str, Array], file: str) -> Arrays:
    """The arrays, after a look at their names, axes and types."""
    unknown = sorted(found.keys() - set(Arrays._fields))
    if unknown:
        remedy = f"Name them: {', '.join(Arrays._fields)}."
        raise DataError(file, f"what is '{unknown[0]}'? No array is called so", remedy)
    if "train" not in found:
        raise DataError(file, "there is no array 'train' in it", "numpy.savez(file, train=rows).")
    for name, array in found.items():
        _check(name, array, file)
    arrays = Arrays(**found)
    _check_pair(arrays.train, arrays.test, arrays.train_labels, "train", file)
    _check_pair(arrays.train, arrays.test, arrays.test_labels, "test", file)
    return arrays


def _check(name: str, array: Array, file: str) -> None:
    axes, of = ((1,), "(N,)") if name.endswith("_labels") else ((2, 3), "(N, V) or (N, h, w)")
    if array.ndim not in axes or array.size == 0:
        raise DataError(f"{file}: {name}", f"its shape is {array.shape}", f"Make it {of}.")
    if array.dtype.kind not in "biuf":
        raise DataError(f"{file}: {name}", f"its type is {array.dtype}", "Make it numbers.")
    if name.endswith("_labels") and ((array < 0) | (array % 1 != 0)).any():  # type: ignore[operator]
        raise DataError(f"{file}: {name}", "a label is no whole number from 0", "Number them.")


def _check_pair(
    train: Array, test: Array | None, labels: Array | None, name: str, file: str
) -> None:
    """Images to test on are as large as those to train on, and a label goes with each image."""
    images = train if name == "train" else test
    if images is not None and images.shape[1:] != train.shape[1:]:
        problem = f"images are {images.shape[1:]}, where those of train are {train.shape[1:]}"
        raise DataError(f"{file}: {name}", problem, "Give all images as many pixels.")
    count = 0 if images is None else len(images)
    if labels is not None and len(labels) != count:
        problem = f"{len(labels)} labels for {count} images"
        raise DataError(f"{file}: {name}_labels", problem, "Give a label per image, or none.")


def _rows(images: Array) -> NDArray[np.float32]:
    """(N, V) float32."""
    return images.reshape(len(images), -1).astype(np.float32)


def _shape_of(images: Array) -> Shape | None:
    """(height, width) if the array says so."""
    return (images.shape[1], images.shape[2]) if images.ndim == 3 else None


def _labels(labels: Array | None) -> Tensor | None:
    """(1, N) int64."""
    return None if labels is None else torch.from_numpy(labels.astype(np.int64))[None]
