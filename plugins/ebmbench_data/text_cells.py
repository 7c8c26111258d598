"""A line of text as cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from typing import NamedTuple

from ebmbench import DataError

DECIMAL = re.compile(r"[+-]?\d+(,\d+([eE][+-]?\d+)?)?")
AROUND = re.compile(r"\s+,\s*|\s*,\s+")  # a comma with blanks or tabs beside it
UNUSUAL = re.compile(r"[;\t\"]|^\s*,|,\s*,")  # what commas and blanks alone do not explain
POINTS = "Write decimal points, as in 0.5, and put either commas or blanks between numbers."
FILL = "Fill it: nothing is guessed. A row index of pandas is left out by to_csv(index=False)."


class Line(NamedTuple):
    """A line that is not empty.

    Attributes:
        place: the file and the line's number.
        text: what stands before a #.
    """

    place: str
    text: str

    def cells(self) -> list[str]:
        """What stands between its separators: semicolons, else tabs, else commas, else blanks.

        A separator may end the line.

        Raises:
            DataError: a cell is empty, or commas stand beside other separators.
        """
        text = AROUND.sub(",", self.text).strip(" ")
        separator = next((each for each in ";\t," if each in text.strip()), None)
        if separator in (None, ","):
            text = text.strip()
        if separator is None:
            return [_unquoted(word) for word in text.split()]
        cells = _between(text, separator)
        if cells[-1] == "":
            del cells[-1]
        self._nothing_is_empty(cells)
        if separator != ",":
            self._no_decimal_comma(cells)
        return cells

    def words(self) -> list[str]:
        """Its cells, where blanks separate too."""
        if not UNUSUAL.search(self.text):
            return self.text.replace(",", " ").split()
        return [word for cell in self.cells() for word in cell.split()]

    def _nothing_is_empty(self, cells: Sequence[str]) -> None:
        if "" in cells:
            raise DataError(self.place, f"column {cells.index('')} is empty", FILL)

    def _no_decimal_comma(self, cells: Sequence[str]) -> None:
        for column, cell in enumerate(cells):
            if "," in cell and cell[0] in "+-0123456789":
                raise decimal_comma(self.place, cell, column)


def no_decimal_commas(lines: Sequence[Line]) -> None:
    """Refuse lines of numbers with decimal commas and blanks between them.

    ``1,0 0`` alone may be three numbers. Where each line has as many words as the others, and each
    word is a number with one comma or none, these commas are decimal.
    """
    if not any("," in line.text for line in lines):
        return
    counts = set()
    for line in lines:
        words = line.text.split()
        counts.add(len(words))
        if len(words) == 1 or len(counts) > 1 or not all(map(DECIMAL.fullmatch, words)):
            return
    line = next(line for line in lines if "," in line.text)
    words = line.text.split()
    column = next(i for i, word in enumerate(words) if "," in word)
    raise decimal_comma(line.place, words[column], column)


def decimal_comma(place: str, word: str, column: int) -> DataError:
    """The error that says so."""
    return DataError(place, f"'{word}' in column {column} has a decimal comma", POINTS)


def _between(text: str, separator: str) -> list[str]:
    """The cells of a line; quotes keep a separator inside a cell."""
    if '"' in text:
        (cells,) = csv.reader([text], delimiter=separator, skipinitialspace=True)
        return [cell.strip() for cell in cells]
    return [cell.strip() for cell in text.split(separator)]


def _unquoted(word: str) -> str:
    quoted = len(word) > 1 and word[0] == word[-1] == '"'
    return word[1:-1] if quoted else word
