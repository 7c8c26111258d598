"""A text file as a table of numbers, with or without a heading and labels."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ebmbench import DataError
from ebmbench_data.heading import (
    TAKEN,
    Heading,
    column_of,
    first_is_heading,
    looks_like_names,
    names_in,
)
from ebmbench_data.kind_of_file import kind_of
from ebmbench_data.text_cells import Line, no_decimal_commas
from ebmbench_data.text_numbers import is_number, numbers, shown
from ebmbench_data.unchanged import read_once

MOST = 2**53  # whole numbers up to here are what they say


class Table(NamedTuple):
    """The numbers of a file.

    Attributes:
        rows: (N, V).
        labels: (N,), or None where no column holds them.
        places: the file and line of each row.
        columns: the number in the file, from 0, of each of the V columns.
        remarks: what was taken for granted, as whole sentences.
    """

    rows: NDArray[np.float32]
    labels: NDArray[np.int64] | None
    places: Sequence[str]
    columns: Sequence[int]
    remarks: tuple[str, ...] = ()


@read_once
def read_table(file: Path, heading: Heading = "auto", label: str | int | None = None) -> Table:
    """The table in a file.

    Args:
        file: UTF-8 text.
        heading: whether the first line names the columns.
        label: the column of the labels: first, last, its name or its number from 0.

    Raises:
        DataError: the file cannot be read, or a line is not as many numbers as the others.
    """
    lines = _lines(file)
    named = isinstance(label, str) and label not in ("first", "last")
    if heading is True or (heading == "auto" and (named or looks_like_names(lines[0]))):
        if len(lines) == 1:
            raise DataError(lines[0].place, "a heading, and nothing below it", "Add images.")
        return _table(lines[1:], label, lines[0])
    table = _table(lines, label, None)
    if heading == "auto" and first_is_heading(lines[0], table.rows[1:]):
        return _without_first(table, f"{lines[0].place}: {TAKEN}.")
    return table


def _without_first(table: Table, remark: str) -> Table:
    labels = None if table.labels is None else table.labels[1:]
    return Table(table.rows[1:], labels, table.places[1:], table.columns, (remark,))


def _lines(file: Path) -> list[Line]:
    """The lines that are not empty, without their comments."""
    found = []
    for number, line in enumerate(io.StringIO(_text(file), newline=None), start=1):
        text = line.partition("#")[0].rstrip("\n")
        if text.strip():
            found.append(Line(f"{file}:{number}", text))
    if not found:
        raise DataError(str(file), "there are no numbers in it", "Write one image per line.")
    return found


def _table(lines: Sequence[Line], label: str | int | None, heading: Line | None) -> Table:
    no_decimal_commas(lines)
    width = len(lines[0].words())
    names = names_in(heading, width) if heading else None
    at = None if label is None else column_of(label, names, width, lines[0].place)
    rows, labels = [], []
    for line in lines:
        words = line.words()
        _as_long_as_the_first(words, width, line.place)
        if at is not None:
            labels.append(_label(words[at], at, line.place))
            words[at] = "0"
        rows.append(numbers(words, line.place))
    columns = [column for column in range(width) if column != at]
    return Table(
        rows=np.stack(rows)[:, columns],
        labels=None if at is None else np.array(labels, np.int64),
        places=[line.place for line in lines],
        columns=columns,
    )


def _as_long_as_the_first(words: Sequence[str], width: int, place: str) -> None:
    if len(words) != width:
        problem = f"{len(words)} numbers, where the first row has {width}"
        raise DataError(place, problem, "Give every image as many pixels.")


def _label(word: str, column: int, place: str) -> int:
    number = float(word) if is_number(word) else -1.0
    if not (0 <= number <= MOST and number == int(number)):
        problem = f"'{shown(word)}' in column {column} is no label"
        raise DataError(place, problem, "Number the labels: whole numbers from 0.")
    return int(number)


def _text(file: Path) -> str:
    """What the file says; a byte-order mark of UTF-8 is none of it."""
    content = file.read_bytes()
    kind = kind_of(content)
    if kind:
        problem, remedy = f"not a text of numbers; it is {kind}", "Get or save the numbers as text."
        raise DataError(str(file), problem, remedy)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 text (byte {error.start})"
        raise DataError(str(file), problem, "Save it as text, or use an npz file.") from error
