"""Words as numbers, and what is said of words that are none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from ebmbench import DataError

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(nan|inf|infinity)", re.I | re.A)
ODD = re.compile(r"[^0-9eE+\-.]")  # numpy takes underscores and digits of other scripts
REMEDY = (
    "Write numbers only; a # makes the rest of a line a comment, and 'heading: true' the first "
    "line names of columns."
)
LONGEST = 40


def is_number(word: str) -> bool:
    """Whether a word is one: no underscores, no digits of other scripts."""
    return NUMBER.fullmatch(word) is not None


def numbers(words: Sequence[str], place: str) -> NDArray[np.float32]:
    """The numbers (V,) that words are.

    Raises:
        DataError: one is no number; ``place`` says where they stand.
    """
    with np.errstate(over="ignore"):  # an infinity is told later, with its column
        if not ODD.search("".join(words)):
            with suppress(ValueError):
                return np.array(words, np.float32)
        _all_are_numbers(words, place)
        return np.array(words, np.float32)


def _all_are_numbers(words: Sequence[str], place: str) -> None:
    for column, word in enumerate(words):
        if not is_number(word):
            problem = f"'{shown(word)}' is no number (column {column}{_invisible(word)})"
            raise DataError(place, problem, REMEDY)


def shown(word: str) -> str:
    """A word as a message shows it: what cannot be seen as its code, and not without end."""
    seen = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in word)
    return seen if len(seen) <= LONGEST else f"{seen[:LONGEST]}..."


def _invisible(word: str) -> str:
    """The names of characters that look like others, or like nothing."""
    odd = dict.fromkeys(c for c in word if ord(c) > 126 or not c.isprintable())
    named = [f"U+{ord(c):04X} {unicodedata.name(c, 'a control character')}" for c in odd]
    return f"; it holds {', '.join(named[:3])}" if named else ""
