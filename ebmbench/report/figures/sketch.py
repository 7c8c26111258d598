"""A figure that is drawn and not yet written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure


class Sketch(NamedTuple):
    """A figure of the report.

    Attributes:
        dataset: where in the report it belongs.
        name: what it shows; with the dataset its file's name.
        caption: says so in words.
        figure, axes: the drawing; its legend is added when it is written.
    """

    dataset: str
    name: tuple[str, ...]
    caption: str
    figure: Figure
    axes: Sequence[Axes]
