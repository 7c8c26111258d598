"""A training and a test set in four IDX files, wherever they lie."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ebmbench import DataError
from ebmbench_data.data_folder import VARIABLE, data_folders
from ebmbench_data.fetch import Mirror, fetch
from ebmbench_data.grey import Grey
from ebmbench_data.idx import read_images, read_labels
from ebmbench_data.image_shape import Shape
from ebmbench_data.own_path import check_the_path, own_path
from ebmbench_data.packed import packed_or_plain

NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


class IDXSet(NamedTuple):
    """The four files of a set, gzip or plain."""

    train_images: Path
    train_labels: Path
    test_images: Path
    test_labels: Path


def locate(mirror: Mirror, folder: str | None) -> IDXSet:
    """The files in the folder that is named, else in the user's data folder, else fetched.

    The user's is ``$EBMBENCH_DATA``, and before it the folder in it that has the set's name. Where
    one of the four files is, all must be: nothing is fetched to fill a gap.

    Raises:
        DataError: a file is missing, or cannot be fetched.
    """
    if folder is not None:
        return files_in(own_path(folder))
    for place in data_folders(mirror.name):
        if any(packed_or_plain(place, name) for name in NAMES):
            return files_in(place)
    try:
        return IDXSet(*(fetch(mirror, f"{name}.gz") for name in NAMES))
    except DataError as error:
        place, problem, remedy = error.args
        remedy = f"{remedy} {_where_to_put_them(mirror.name)}"
        raise DataError(place, problem, remedy) from error


def passed_over(name: str) -> str | None:
    """That the user's data folder is set and holds none of the files; None where that is not so."""
    folders = data_folders(name)
    if not folders or any(packed_or_plain(place, file) for place in folders for file in NAMES):
        return None
    places = " or ".join(map(str, folders))
    return f"${VARIABLE} was passed over: none of the four files is in {places}"


def _where_to_put_them(name: str) -> str:
    missed = passed_over(name)
    return f"{missed}." if missed else f"${VARIABLE} may name the folder, too."


def files_in(folder: Path) -> IDXSet:
    """The set that lies in a folder.

    Raises:
        DataError: a file is missing.
    """
    if not folder.is_dir():
        raise DataError(str(folder), "no such folder", check_the_path(folder))
    found = []
    for name in NAMES:
        file = packed_or_plain(folder, name)
        if file is None:
            problem = f"there is no {name}.gz in it, nor {name}"
            raise DataError(str(folder), problem, "Put the file there, or name another folder.")
        found.append(file)
    return IDXSet(*found)


def grey_images(images: Path, labels: Path) -> tuple[Grey, Shape]:
    """Labelled images that all replicas share, and their height and width.

    Raises:
        DataError: a file is wrong, or there are not as many labels as images.
    """
    levels, named = read_images(images), read_labels(labels)
    if len(levels) != len(named):
        problem = f"{len(named)} labels for the {len(levels)} images of {images.name}"
        raise DataError(str(labels), problem, "Get both files from one source.")
    return Grey(levels.flatten(1)[None], 255, named[None]), (levels.shape[1], levels.shape[2])
