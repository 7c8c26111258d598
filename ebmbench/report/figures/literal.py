"""Names in pictures: shown as they are written, whatever matplotlib would make of them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from textwrap import fill
from typing import Any

from matplotlib import style
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

LETTER = 0.62  # the width of a letter in units of its height, about
MOST_NARROW = 8  # letters
PLAIN: dict[str, Any] = {
    "text.parse_math": False,
    "text.usetex": False,
    "axes.formatter.use_mathtext": False,
}


def literal_texts(**looks: Any) -> AbstractContextManager[None]:
    """Within, no text is taken for a formula, whatever a user's matplotlib is set to.

    Nor are pictures drawn by any other settings of a user: the same numbers give the same picture.

    Args:
        **looks: other settings than matplotlib's own.
    """
    return style.context(["default", PLAIN | looks])


def wrapped(text: str, inches: float, size: float) -> str:
    """The text in lines that are no longer, in letters of so many points; words are broken."""
    return fill(text, max(MOST_NARROW, int(72 * inches / (LETTER * size))))


def add_legend(home: Figure | Axes, entries: Mapping[str, Artist], **looks: Any) -> None:
    """A legend of what is drawn, by name, to a figure or to a pair of axes.

    The names are written afterwards: matplotlib 3.9 leaves out what begins with ``_``.
    """
    handles = list(entries.values())
    legend = home.legend(handles=handles, labels=["?"] * len(handles), **looks)
    for text, name in zip(legend.get_texts(), entries, strict=True):
        text.set_text(name)
