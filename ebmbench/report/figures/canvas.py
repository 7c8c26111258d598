"""The figure around the panels: its size, its legend, its file."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from math import ceil
from pathlib import Path

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ebmbench.report.figures.layout import REPORT, Layout
from ebmbench.report.figures.literal import LETTER, add_legend, wrapped

CURVE = "curve"  # the mark of what the legend names, by its label
SAMPLE = 5.8  # the width of a line and gaps in a legend, in units of its letters' height
LINE = 1.7  # the height of a line in one, likewise
METADATA: dict[str, dict[str, None]] = {  # what would differ from day to day, or by machine
    ".png": {"Software": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    ".svg": {"Date": None, "Creator": None},
}


def canvas(
    n: int, panel: tuple[float, float] = REPORT.panel, layout: Layout = REPORT
) -> tuple[Figure, list[Axes]]:
    """A figure with ``n`` empty panels, each so wide and high in inches."""
    columns = layout.columns_of(n, panel)
    rows = ceil(n / columns)
    width = layout.width or max(4.6, panel[0] * columns)
    height = min(panel[1], 0.8 * width / columns) if layout.width else panel[1]
    figure = Figure(figsize=(width, height * rows), dpi=layout.dpi, layout="constrained")
    return figure, [figure.add_subplot(rows, columns, i + 1) for i in range(n)]


def add_legend_of(
    figure: Figure,
    axes: Sequence[Axes],
    layout: Layout = REPORT,
    lost: Mapping[str, str] | None = None,
) -> None:
    """Right of a single panel where the figure may grow, else below in columns that fit.

    Args:
        figure: that grows by its legend.
        axes: with the curves that it names.
        layout: whether the figure may become wider.
        lost: curve -> how many of its seeds did not end well.
    """
    losses = lost or {}
    curves = (line for ax in axes for line in ax.lines if line.get_gid() == CURVE)
    found: dict[str, Line2D] = {}
    for curve in curves:
        name = str(curve.get_label())
        if name not in found or np.size(curve.get_xdata()):  # one that is drawn tells more
            found[name] = curve
    if not found:
        return
    said = {f"{name} ({losses[name]})" if name in losses else name: c for name, c in found.items()}
    size = float(rcParams["legend.fontsize"])
    widest = (layout.width or figure.get_figwidth()) - SAMPLE * size / 72
    entries = {wrapped(name, widest, size): curve for name, curve in said.items()}
    longest = (max(map(len, name.split("\n"))) for name in entries)
    widths = [(SAMPLE + LETTER * letters) * size / 72 for letters in longest]
    looks = {"frameon": False, "fontsize": size, "handlelength": 3.2}
    if len(axes) == 1 and layout.width is None:
        figure.set_figwidth(figure.get_figwidth() + max(widths))
        add_legend(figure, entries, loc="outside right center", **looks)
        return
    columns = _fitting(widths, figure.get_figwidth())
    lines = max(name.count("\n") + 1 for name in entries)
    rows = ceil(len(entries) / columns) * lines
    figure.set_figheight(figure.get_figheight() + (1 + LINE * rows) * size / 72)
    add_legend(figure, entries, loc="outside lower center", ncols=columns, **looks)


def save(figure: Figure, file: Path) -> None:
    """Write the file, the same bytes for the same figure."""
    with warnings.catch_warnings():  # a name in a script that the font lacks is drawn as boxes
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        if engine := figure.get_layout_engine():
            engine.execute(figure)
            figure.set_layout_engine(None)  # else all is drawn once more, for the engine
        figure.savefig(file, metadata=METADATA.get(file.suffix.lower(), {}))


def _fitting(widths: Sequence[float], width: float) -> int:
    if sum(widths) <= width:
        return len(widths)
    return max(1, int(width / max(widths)))
