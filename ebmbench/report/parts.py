"""What a report consists of, whatever it is written in: headings, texts and tables."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import NamedTuple


class Heading(str):
    """The heading of a section."""

    __slots__ = ()


class Folded(Heading):
    """The heading of a long section that opens where a reader asks for it."""

    __slots__ = ()


class Cell(NamedTuple):
    """A cell of a table that is more than a text.

    Attributes:
        lines: of its text.
        bold: whether it stands out.
        note: what follows the text and does not stand out.
        key: what rows are sorted by; NaN for none.
    """

    lines: Sequence[str]
    bold: bool = False
    note: str = ""
    key: float = nan


class Table(NamedTuple):
    """A table whose first column names the rows."""

    head: Sequence[str]
    rows: Sequence[Sequence[str | Cell]]


Part = Heading | str | Table
"""A heading, a paragraph or a table."""
