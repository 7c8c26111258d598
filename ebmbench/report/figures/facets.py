"""Small multiples: a pair of axes per method, where one pair could not tell so many apart.

All have the same axes. Each shows its own method with its interval, and all others in grey behind,
so that no reader has to match colours with a legend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, nan
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from ebmbench.report.figures.axes import (
    GRID,
    draw_bars,
    draw_curve,
    draw_target,
    far_off,
    inches_of,
    name_what_leaves,
    no_box,
    scale_x,
    scale_y,
)
from ebmbench.report.figures.canvas import CURVE
from ebmbench.report.figures.contents.content import Content
from ebmbench.report.figures.layout import Layout
from ebmbench.report.figures.limits import leaving, limits, starting
from ebmbench.report.figures.literal import wrapped
from ebmbench.report.figures.panels import Panel
from ebmbench.report.figures.placing import Block, Grid, place
from ebmbench.report.figures.styles import Style

OTHERS = "others"  # the mark of what is grey
PALE = "#C9C9C9"
MOST_TICKS = 3  # numbers on an axis
TITLE = 1.2  # times the axes' width, for titles: there is a gap on either side
MOST_MARKERS = 10  # on a curve, which is short here


class Alike(NamedTuple):
    """What all axes of a panel have alike, found once.

    Attributes:
        x, y: where the axes end.
        x_ticks, y_ticks: where they have a line of the grid.
        numbers: the width of those at y, in inches.
        far: curve -> how far it goes, where it leaves the axes.
        starts: curve -> from how far it comes, where it enters them.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    x_ticks: Sequence[float]
    y_ticks: Sequence[float]
    numbers: float
    far: Mapping[str, float]
    starts: Mapping[str, float]


def in_facets(content: Content, styles: Mapping[str, Style], layout: Layout) -> Figure:
    """The figure: each panel's curves in axes of their own, one panel below another."""
    columns, height = layout.facets_of([len(panel.curves) for panel in content.panels])
    width = layout.width or columns * layout.facet[0]
    figure = Figure(figsize=(width, width), dpi=layout.dpi)  # as high as it needs, once placed
    alike = [_alike(figure, panel) for panel in content.panels]
    numbers = max(each.numbers for each in alike)
    grid = Grid.fitting(width, columns, height, numbers)
    blocks = []
    for panel, mine in zip(content.panels, alike, strict=True):
        axes = grid.axes(figure, len(panel.curves))
        for ax, line in zip(axes, panel.curves, strict=True):
            _draw_facet(ax, panel, line, styles[line], mine)
            _set_title(ax, line, {**content.lost, **panel.absent}.get(line, ""))
        blocks.append(Block(axes, panel.title, panel.unit, panel.x.label))
    place(figure, grid, blocks, layout.most_height)
    return figure


def _alike(figure: Figure, panel: Panel) -> Alike:
    """Found by drawing everything into one pair of axes, which is removed again."""
    ax, shown = figure.add_subplot(), limits(panel)
    scale_y(ax, panel, shown, MOST_TICKS)
    traces = [trace.x for line in panel.curves for trace in panel.seeds.get(line, ())]
    x = [x for part in [*(curve.epochs for curve in panel.curves.values()), *traces] for x in part]
    ax.plot(x, [shown[0]] * len(x))
    scale_x(ax, panel, MOST_TICKS)
    ax.minorticks_off()
    numbers = ax.yaxis.get_tightbbox(RendererAgg(1, 1, figure.dpi))  # type: ignore[no-untyped-call]
    ax.remove()
    return Alike(
        ax.get_xlim(),
        shown,
        _between(ax.get_xticks(), ax.get_xlim()),
        _between(ax.get_yticks(), shown),
        numbers.width / figure.dpi if numbers else 0.0,
        leaving(panel),
        starting(panel),
    )


def _between(ticks: ArrayLike, ends: tuple[float, float]) -> list[float]:
    return [tick for tick in np.asarray(ticks) if ends[0] <= tick <= ends[1]]


def _draw_facet(ax: Axes, panel: Panel, line: str, style: Style, alike: Alike) -> None:
    no_box(ax)
    scale_y(ax, panel, alike.y, MOST_TICKS)
    scale_x(ax, panel, MOST_TICKS)
    ax.set_xlim(*alike.x)
    ax.minorticks_off()
    ax.hlines(alike.y_ticks, 0, 1, transform=ax.get_yaxis_transform(), zorder=0.5, **GRID)
    ax.vlines(alike.x_ticks, 0, 1, transform=ax.get_xaxis_transform(), zorder=0.5, **GRID)
    ax.plot(*_others(panel, line), color=PALE, linewidth=0.5, gid=OTHERS, zorder=1)
    curve = panel.curves[line]
    if panel.points:
        draw_bars(ax, curve, style)
    else:
        draw_curve(ax, panel, line, style)
    means = [i.mean for i in curve.values]
    few = max(1, ceil(len(means) / MOST_MARKERS))
    ax.plot(curve.epochs, means, label=line, gid=CURVE, markevery=few, **style.line)
    draw_target(ax, panel, named=line == next(iter(panel.curves)))
    if (far := alike.far.get(line)) is not None:
        up = far > sum(alike.y) / 2
        name_what_leaves(ax, f"{'▲' if up else '▼'} {far_off(far)}")
    elif (start := alike.starts.get(line)) is not None:
        name_what_leaves(ax, f"{'▲' if panel.better == 'lower' else '▼'} from {far_off(start)}")


def _set_title(ax: Axes, line: str, lost: str) -> None:
    """The curve's name, and below it what became of its seeds."""
    size, inches = float(ax.title.get_fontsize()), TITLE * inches_of(ax)
    text = "\n".join(wrapped(each, inches, size) for each in (line, lost) if each)
    ax.set_title(text, y=1.0)  # not where matplotlib would look for room


def _others(panel: Panel, line: str) -> tuple[list[float], list[float]]:
    """All curves but one, with gaps between them: drawn as one they cost a tenth."""
    x: list[float] = []
    y: list[float] = []
    for other, curve in panel.curves.items():
        if other != line:
            x += [*curve.epochs, nan]
            y += [*(i.mean for i in curve.values), nan]
    return x, y
