"""What is odd in a user's own images, though it may be meant: told once, as notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isqrt

from ebmbench_data.binarize import Binarize
from ebmbench_data.grey import Grey
from ebmbench_data.outcome import all_alike, constant_columns, looks, twins
from ebmbench_data.own_rows import Numbers

NAMED = 5  # columns that a warning names
SIDE = 3  # pixels, of the smallest square that a row with a label is told by
FAR = 2  # times as bright: another range


def about_file(
    numbers: Numbers, train: Grey, test: Grey | None, binarize: Binarize, white: float | None
) -> Iterator[str]:
    """Whole sentences about the images of one file, with their places.

    Args:
        numbers: all rows, those to train on first, and where they stand.
        train: all images, or those to train on where the file tells them apart.
        test: those to test on.
        binarize: how they become spins.
        white: full scale, if it was told.
    """
    if white is None:
        yield from _scale(numbers, train.white)
    if train.white > 1:
        yield from _one_more_than_a_square(numbers)
    yield from _constant(numbers, train, binarize, "image" if test is None else "training image")
    if test is None:
        yield from _repeated(numbers, train, binarize)
    else:
        yield from about_sides(train, test, binarize)
        yield from _shared(numbers, train, test, binarize)


def about_sides(train: Grey, test: Grey, binarize: Binarize) -> Iterator[str]:
    """What sets images to test on apart from those to train on."""
    tops = {"train": float(train.levels.max()), "test": float(test.levels.max())}
    if max(tops.values()) > FAR * min(tops.values()):
        yield f"train goes up to {tops['train']:g}, test to {tops['test']:g}: of one scale?"
    for name, grey in (("train", train), ("test", test)):
        if grey.images > 1 and all_alike(grey, binarize):
            yield f"all images of {name} become one and the same."


def _scale(numbers: Numbers, white: float) -> Iterator[str]:
    top = float(numbers.rows.max())
    if 0 < top < white:
        row, column = divmod(int(numbers.rows.argmax()), numbers.rows.shape[1])
        yield (
            f"the largest number is {top:g} ({numbers.place_of(row)}, column "
            f"{numbers.columns[column]}), and full scale is taken to be {white:g}. "
            f"'white: {white:g}' says that it is."
        )


def _one_more_than_a_square(numbers: Numbers) -> Iterator[str]:
    visible = numbers.rows.shape[1]
    side = isqrt(visible - 1)
    if side >= SIDE and side * side == visible - 1:
        yield (
            f"rows of {visible} numbers, one more than {side} x {side}: does one column hold "
            "labels? It is learned as a pixel."
        )


def _constant(numbers: Numbers, grey: Grey, binarize: Binarize, image: str) -> Iterator[str]:
    found = constant_columns(looks(grey, binarize))
    if found and grey.images > 1:
        named = _listed(numbers.columns[column] for column in found)
        all_columns = len(numbers.columns)
        yield f"{len(found)} of {all_columns} columns are the same in every {image}: {named}."


def _repeated(numbers: Numbers, grey: Grey, binarize: Binarize) -> Iterator[str]:
    found = twins(looks(grey, binarize))
    if found:
        row, other = map(numbers.place_of, found[0])
        yield (
            f"{len(found)} of {grey.images} images repeat an earlier one ({row} is as {other}): "
            "a random split puts the same images on both sides."
        )


def _shared(numbers: Numbers, train: Grey, test: Grey, binarize: Binarize) -> Iterator[str]:
    found = twins(looks(test, binarize), looks(train, binarize))
    if found:
        row, other = found[0]
        places = f"{numbers.place_of(train.images + row)} is as {numbers.place_of(other)}"
        yield f"{len(found)} of {test.images} test images are training images too ({places})."


def _listed(columns: Iterable[int]) -> str:
    names = [str(column) for column in columns]
    return ", ".join(names[:NAMED]) + ", ..." * (len(names) > NAMED)
