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

from ebmbench import DataError
from ebmbench_data.image_shape import Shape
from ebmbench_data.kind_of_file import and_is
from ebmbench_data.own_dataset import OwnDataset, OwnImages, OwnOptions
from ebmbench_data.own_rows import Numbers, grey_rows
from ebmbench_data.unchanged import read_once

REAL = {"rule": "none"}
DRAWN = {"rule": "bernoulli", "every": "epoch"}
SINGLE = b"\x93NUMPY"
Array = NDArray[np.generic]


class Arrays(NamedTuple):
    """What may stand in a file, by name."""

    train: Array
    test: Array | None = None
    train_labels: Array | None = None
    test_labels: Array | None = None


class NPZ(OwnDataset):
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
        """A file of labelled bits, and one of grey levels with test images, as spins or not."""
        rows = np.random.default_rng(0).integers(0, 256, (19, 3, 4))
        bits, grey = folder / "bits.npz", folder / "grey.npz"
        np.savez(bits, train=rows % 2, train_labels=np.arange(19) % 3)
        np.savez(grey, train=rows[:12], test=rows[12:])
        images = [{"file": str(grey), "binarize": each} for each in (DRAWN, REAL)]
        return [{"file": str(bits)}, *images]

    def own_images(self) -> OwnImages:
        """What is in the file; what is white is found over all of it."""
        (file,), white = self.files(), self.options.white
        arrays = read_arrays(file)
        numbers = numbers_of(arrays, str(file))
        both, count = grey_rows(numbers, white), len(arrays.train)
        train = both.part(slice(count))._replace(labels=_labels(arrays.train_labels))
        shape = _shape_of(arrays.train)
        if arrays.test is None:
            return OwnImages(numbers, train, shape=shape)
        if white is None:
            _of_one_scale(numbers.rows[:count], numbers.rows[count:], str(file))
        test = both.part(slice(count, None))._replace(labels=_labels(arrays.test_labels))
        return OwnImages(numbers, train, test, shape)


@read_once
def read_arrays(file: Path) -> Arrays:
    """The arrays in a file.

    Raises:
        DataError: the file cannot be read, or an array is missing, unknown or misshapen.
    """
    content = file.read_bytes()
    if content.startswith(SINGLE):
        problem = "a single array, as numpy.save writes it (.npy), and no npz file"
        raise DataError(str(file), problem, "Write it with numpy.savez(file, train=rows).")
    try:
        with np.load(BytesIO(content)) as found:
            names = {name: found[name] for name in found.files}
    except (OSError, ValueError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        problem = f"not an npz file of numbers ({error}){and_is(content)}"
        remedy = "Write it with numpy.savez."
        raise DataError(str(file), problem, remedy) from error
    return _checked(names, str(file))


def numbers_of(arrays: Arrays, file: str) -> Numbers:
    """All rows, those to train on first."""
    train = _rows(arrays.train)
    rows = train if arrays.test is None else np.concatenate([train, _rows(arrays.test)])

    def place_of(row: int) -> str:
        return f"{file}: {f'train[{row}]' if row < len(train) else f'test[{row - len(train)}]'}"

    return Numbers(rows, place_of, range(rows.shape[1]))


def _of_one_scale(train: NDArray[np.float32], test: NDArray[np.float32], file: str) -> None:
    """Bits or shares on one side and bytes on the other are a slip."""
    top, other = float(train.max()), float(test.max())
    if min(top, other) <= 1 < max(top, other):
        problem = f"numbers up to {other:g}, where those of train go up to {top:g}"
        remedy = "Bring both to one scale, or say what full scale is: 'white'."
        raise DataError(f"{file}: test", problem, remedy)


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
    with np.errstate(over="ignore"):  # an infinity is told later, with its place
        return images.reshape(len(images), -1).astype(np.float32)


def _shape_of(images: Array) -> Shape | None:
    """(height, width) if the array says so."""
    return (images.shape[1], images.shape[2]) if images.ndim == 3 else None


def _labels(labels: Array | None) -> Tensor | None:
    """(1, N) int64."""
    return None if labels is None else torch.from_numpy(labels.astype(np.int64))[None]
