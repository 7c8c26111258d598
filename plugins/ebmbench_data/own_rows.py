"""A user's own numbers: spins, bits or grey levels, checked row by row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from ebmbench import DataError
from ebmbench_data.grey import Grey

PlaceOf = Callable[[int], str]
"""Where the row of this number stands, for a message."""

REMEDY = "Give spins (-1, 1), bits (0, 1), numbers in [0, 1] or whole numbers from 0 to 255."
BYTE = 255.0
DARK = 128.0  # bytes that stay below are rather levels of another scale
ENOUGH = 5  # rows, for a column that counts them


class Numbers(NamedTuple):
    """Rows of numbers, and where they stand.

    Attributes:
        rows: (N, V).
        place_of: the place of a row.
        columns: what each of the V columns is called in a message.
    """

    rows: NDArray[np.float32]
    place_of: PlaceOf
    columns: Sequence[int]

    def none_is(self, wrong: NDArray[np.bool_], what: str, remedy: str = REMEDY) -> None:
        """Complain of the first number that is wrong, (N, V) bool."""
        if wrong.any():
            row, column = np.argwhere(wrong)[0].tolist()
            said = f"{self.rows[row, column]:g} in column {self.columns[column]} is {what}"
            raise DataError(self.place_of(row), said, remedy)


def grey_rows(numbers: Numbers, white: float | None) -> Grey:
    """Images that all replicas share.

    Spins are told by -1 among them, bits and shares by no number above 1; what is above is bytes,
    if it looks like bytes, and of the scale that ``white`` gives.

    Raises:
        DataError: a row holds what is no level, or nobody says what full scale is.
    """
    rows = numbers.rows
    numbers.none_is(~np.isfinite(rows), "no number")
    if rows.min() < 0:
        return Grey(torch.from_numpy(_spins(numbers).clip(0))[None], 1.0)
    _no_column_counts(numbers)
    top = white or (1.0 if rows.max() <= 1 else BYTE)
    numbers.none_is(rows > top, f"above full scale, {top:g}")
    if white is None and top == BYTE:
        _look_like_bytes(numbers)
    return Grey(torch.from_numpy(rows)[None], top)


def _spins(numbers: Numbers) -> NDArray[np.float32]:
    """The rows, if they are spins: what few of them are is what is wrong."""
    rows = numbers.rows
    if (rows == 0).sum() > (rows < 0).sum():
        numbers.none_is(rows < 0, "below 0, where others are bits or levels")
    numbers.none_is(abs(rows) != 1, "no spin, where others are")
    return rows


def _no_column_counts(numbers: Numbers) -> None:
    """No pixel is 0, 1, 2, ... from the first row to the last."""
    rows = numbers.rows
    if len(rows) < ENOUGH:
        return
    counts = (np.diff(rows, axis=0) == 1).all(axis=0) & (rows[0] <= 1)
    if counts.any():
        problem = f"column {numbers.columns[int(counts.argmax())]} counts the rows: it is no pixel"
        raise DataError(numbers.place_of(0), problem, "Leave it out of the file.")


def _look_like_bytes(numbers: Numbers) -> None:
    """Whole numbers, of which most are not 1 or below, and some are bright."""
    rows = numbers.rows
    above, parts = rows > 1, (rows > 0) & (rows < 1)
    if parts.sum() > above.sum():
        numbers.none_is(above, "above 1, where others are shares of it", _remedy_of(above, numbers))
    numbers.none_is(rows != rows.round(), "not whole, where others are above 1")
    if (rows == 1).sum() > above.sum():
        numbers.none_is(above, "no bit, where others are 0 or 1", _remedy_of(above, numbers))
    top = float(rows.max())
    if top < DARK:
        what = "the largest number: too many levels for bits, too few for bytes"
        numbers.none_is(rows == top, what, _scale_of(rows, top))


def _remedy_of(wrong: NDArray[np.bool_], numbers: Numbers) -> str:
    """What numbers may be that stand together: labels in a column, a heading in a row."""
    in_rows, in_columns = (np.flatnonzero(wrong.any(axis=axis)) for axis in (1, 0))
    if list(in_rows) == [0] and len(in_columns) > 1:
        return "Mend it, or say 'white'; all such numbers are in the first row: a heading?"
    if len(in_columns) == 1 and len(in_rows) > 1:
        column = numbers.columns[in_columns[0]]
        return f"Mend it, or say 'white'; all such numbers are in column {column}: labels?"
    return f"Mend it, or say what full scale is: 'white: {numbers.rows.max():g}'."


def _scale_of(rows: NDArray[np.float32], top: float) -> str:
    low = float(rows.min())
    if low > 0 and ((rows == low) | (rows == top)).all():
        at = (low + top) / 2 / top
        return f"For two levels say 'white: {top:g}' and 'binarize: {{at: {at:.2g}}}'."
    return f"Say what full scale is, 'white: {top:g}'; or 'white: 255' if they are dark bytes."
