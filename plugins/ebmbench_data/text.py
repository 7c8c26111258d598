"""A user's own data as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ebmbench import DataError, Dataset, Noise, Splits
from ebmbench_data.image_shape import image_shape
from ebmbench_data.images import splits_of
from ebmbench_data.own_rows import OwnOptions, grey_rows
from ebmbench_data.split import split_images
from ebmbench_data.unchanged import read_once

Lines = tuple[NDArray[np.float32], list[int]]
"""Numbers (N, V), and the number of the line that each row stands on."""


class Text(Dataset):
    """Your own data as text: a line of numbers per image, with blanks or commas between them.

    Spins, bits or grey levels. Empty lines, and what follows a #, do not count. A share of the
    rows is held out.
    """

    name = "text"

    class Options(OwnOptions):
        pass

    @classmethod
    def examples(cls, folder: Path) -> Sequence[dict[str, Any]]:
        """A file of bits."""
        file = folder / "bits.txt"
        np.savetxt(file, np.random.default_rng(0).integers(0, 2, (19, 12)), fmt="%d")
        return [{"file": str(file)}]

    def files(self) -> tuple[Path]:
        """The one file."""
        return (Path(self.options.file).expanduser(),)

    def load(self, noise: Noise) -> Splits:
        (file,), options = self.files(), self.options
        rows, lines = read_lines(file)
        shape = image_shape(rows.shape[1], options.shape, str(file))
        grey = grey_rows(rows, options.white, lambda row: f"{file}:{lines[row]}")
        train, test = split_images(grey, options, noise, str(file))
        return splits_of(train, test, shape, options, noise, str(file))


@read_once
def read_lines(file: Path) -> Lines:
    """The numbers in a file.

    Raises:
        DataError: the file cannot be read, or a line is not as many numbers as the others.
    """
    rows, lines = [], []
    for number, line in enumerate(_text(file).splitlines(), start=1):
        words = line.partition("#")[0].replace(",", " ").split()
        if words:
            rows.append(_numbers(words, f"{file}:{number}"))
            lines.append(number)
            _as_long_as_the_first(rows, f"{file}:{number}")
    if not rows:
        raise DataError(str(file), "there are no numbers in it", "Write one image per line.")
    return np.stack(rows), lines


def _numbers(words: list[str], place: str) -> NDArray[np.float32]:
    try:
        return np.array(words, np.float32)
    except ValueError as error:
        wrong = next(word for word in words if not _is_number(word))
        remedy = "Write numbers only; a # makes the rest of a line a comment."
        raise DataError(place, f"'{wrong}' is no number", remedy) from error


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _as_long_as_the_first(rows: list[NDArray[np.float32]], place: str) -> None:
    if len(rows[-1]) != len(rows[0]):
        problem = f"{len(rows[-1])} numbers, where the first row has {len(rows[0])}"
        raise DataError(place, problem, "Give every image as many pixels.")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 text (byte {error.start})"
        raise DataError(str(file), problem, "Save it as text, or use an npz file.") from error
