"""Text files of bits, a row per line with commas between them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ebmbench import DataError
from ebmbench_data.kind_of_file import kind_of
from ebmbench_data.packed import AGAIN, content_of
from ebmbench_data.unchanged import read_once

Bits = NDArray[np.uint8]

ZERO, COMMA, LINE = b"0,\n"
SHOWN = 20  # characters of what is no bit


@read_once
def read_bits(file: Path) -> Bits:
    """(N, V) of 0 and 1, from a file that is packed with gzip or not.

    Raises:
        DataError: the file cannot be read, or a line is not as many bits as the first.
    """
    content = content_of(file)
    if kind := kind_of(content):
        raise DataError(str(file), f"not a text of bits; it is {kind}", AGAIN)
    table = _all_at_once(content)
    return _line_by_line(content, file) if table is None else table


def _all_at_once(content: bytes) -> Bits | None:
    """The table if every line is as the first, without a blank anywhere; else None."""
    width = content.find(b"\n") + 1
    signs = np.frombuffer(content, np.uint8)
    if width < 2 or width % 2 or len(signs) % width:
        return None
    rows = signs.reshape(-1, width)
    bits, between = rows[:, ::2] - np.uint8(ZERO), rows[:, 1::2]
    commas, ends = between[:, :-1] == COMMA, between[:, -1] == LINE
    return bits if (bits <= 1).all() and commas.all() and ends.all() else None


def _line_by_line(content: bytes, file: Path) -> Bits:
    """The table, blanks and empty lines apart; what is wrong is told with its line and column."""
    rows: list[list[int]] = []
    for number, line in enumerate(content.decode("latin-1").splitlines(), start=1):
        if not line.strip():
            continue
        place = f"{file}:{number}"
        bits = [_bit(word.strip(), column, place) for column, word in enumerate(line.split(","))]
        if rows and len(bits) != len(rows[0]):
            problem = f"{len(bits)} numbers, where the first row has {len(rows[0])}"
            raise DataError(place, problem, AGAIN)
        rows.append(bits)
    if not rows:
        raise DataError(str(file), "there are no rows in it", AGAIN)
    return np.array(rows, np.uint8)


def _bit(word: str, column: int, place: str) -> int:
    if word not in ("0", "1"):
        what = f"'{word[:SHOWN]}' in column {column} is neither 0 nor 1"
        remedy = "The collection has bits with commas between them; 'name: text' reads other data."
        raise DataError(place, what, remedy)
    return int(word)
