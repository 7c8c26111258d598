"""The figure around the panels: its size, its legend, its file."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from math import ceil
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ebmbench.report.figures.literal import add_legend

CURVE = "curve"  # the mark of what the legend names, by its label
MOST_COLUMNS = 3
DPI = 160
LEGEND = {"frameon": False, "fontsize": 9, "handlelength": 3.2}


def canvas(n: int, panel: tuple[float, float] = (3.6, 2.9)) -> tuple[Figure, list[Axes]]:
    """A figure with ``n`` empty panels, each so wide and high in inches."""
    columns = min(n, MOST_COLUMNS)
    rows = ceil(n / columns)
    size = (max(4.6, panel[0] * columns), panel[1] * rows + 0.5)
    figure = Figure(figsize=size, dpi=DPI, layout="constrained")
    return figure, [figure.add_subplot(rows, columns, i + 1) for i in range(n)]


def save(figure: Figure, axes: Sequence[Axes], file: Path) -> None:
    """Add the legend and write the file, the same bytes for the same figure."""
    _add_legend(figure, axes)
    with warnings.catch_warnings():  # a name in a script that the font lacks is drawn as boxes
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        figure.savefig(file, metadata={"Software": None})


def _add_legend(figure: Figure, axes: Sequence[Axes]) -> None:
    """Right of a single panel, else below in as many columns as fit."""
    curves = (line for ax in axes for line in ax.lines if line.get_gid() == CURVE)
    entries = {str(curve.get_label()): curve for curve in curves}
    if not entries:
        return
    widths = [0.8 + 0.08 * len(name) for name in entries]  # inches: line and gaps, and a letter
    if len(axes) == 1:
        figure.set_figwidth(figure.get_figwidth() + max(widths))
        add_legend(figure, entries, loc="outside right center", **LEGEND)
        return
    columns = _fitting(widths, figure.get_figwidth())
    add_legend(figure, entries, loc="outside lower center", ncols=columns, **LEGEND)


def _fitting(widths: Sequence[float], width: float) -> int:
    if sum(widths) <= width:
        return len(widths)
    return max(1, int(width / max(widths)))
