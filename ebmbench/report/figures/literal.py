"""Names in pictures: shown as they are written, whatever matplotlib would make of them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

PLAIN: dict[Any, bool] = {
    "text.parse_math": False,
    "text.usetex": False,
    "axes.formatter.use_mathtext": False,
}


def literal_texts() -> AbstractContextManager[None]:
    """Within, no text is taken for a formula, whatever a user's matplotlib is set to."""
    return rc_context(PLAIN)


def add_legend(home: Figure | Axes, entries: Mapping[str, Artist], **looks: Any) -> None:
    """A legend of what is drawn, by name, to a figure or to a pair of axes.

    The names are written afterwards: matplotlib 3.9 leaves out what begins with ``_``.
    """
    handles = list(entries.values())
    legend = home.legend(handles=handles, labels=["?"] * len(handles), **looks)
    for text, name in zip(legend.get_texts(), entries, strict=True):
        text.set_text(name)
