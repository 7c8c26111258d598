"""Whether the first line of a text names its columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ebmbench import DataError
from ebmbench_data.text_cells import Line
from ebmbench_data.text_numbers import is_number, numbers

Heading = bool | Literal["auto"]

TAKEN = (
    "its numbers count the columns, so it is taken for a heading; 'heading: true' says that it is"
)
ASK = "Say 'heading: true' or 'heading: false'."
FEWEST = 3  # columns, for a row that counts them


def looks_like_names(line: Line) -> bool:
    """Whether none of a line's cells is a number: one alone that is none is a slip."""
    return not any(all(map(is_number, cell.split())) for cell in line.cells())


def names_in(heading: Line, columns: int) -> list[str]:
    """The names of so many columns; commas, semicolons or tabs let names have blanks.

    Raises:
        DataError: there are more or fewer.
    """
    cells = heading.cells()
    names = cells if len(cells) == columns else heading.words()
    if len(names) != columns:
        problem = f"a heading of {len(names)} names, where the rows have {columns} numbers"
        raise DataError(heading.place, problem, "Name each column, or begin the line with a #.")
    return names


def first_is_heading(line: Line, rows: NDArray[np.float32]) -> bool:
    """Whether a first line of numbers is a heading, as pandas makes one: 0, 1, 2, ...

    Args:
        line: the first; its numbers count all columns, that of the labels too.
        rows: what the others say, (N, V).

    Raises:
        DataError: it may be one, and as well an image.
    """
    first = numbers(line.words(), line.place)
    if not len(rows) or not _in_steps(first):
        return False
    if rows.max() <= 1:
        return True
    shown = ", ".join(f"{x:g}" for x in first[:FEWEST])
    raise DataError(line.place, f"{shown}, ...: a heading, or an image?", ASK)


def _in_steps(row: NDArray[np.float32]) -> bool:
    """Whether numbers above 1 go up by the same step."""
    steps = np.diff(row)
    return len(row) >= FEWEST and row.max() > 1 and steps[0] > 0 and bool((steps == steps[0]).all())


def column_of(label: str | int, names: Sequence[str] | None, columns: int, place: str) -> int:
    """The number of the column that holds the labels.

    Raises:
        DataError: there is no such column, or nothing but labels.
    """
    if columns < 2:
        raise DataError(place, "one column, and it holds the labels", "Leave 'label' out.")
    if label in ("first", "last"):
        return 0 if label == "first" else columns - 1
    if isinstance(label, int):
        if label >= columns:
            problem = f"'label: {label}' asks for a column after the last, {columns - 1}"
            raise DataError(place, problem, "The first column is 0.")
        return label
    if names is None or names.count(label) != 1:
        which = "more than one" if names and label in names else "no"
        raise DataError(place, f"'label: {label}' names {which} column", _choose(names))
    return names.index(label)


def _choose(names: Sequence[str] | None) -> str:
    if not names:
        return "Write 'heading: true' if the first line names the columns, or label: last."
    return f"The columns are {', '.join(names[:10])}{', ...' * (len(names) > 10)}."
