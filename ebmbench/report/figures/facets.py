"""Small multiples: a pair of axes per method, where one pair could not tell so many apart.

All have the same axes. Each shows its own method with its interval, and all others in grey behind,
so that no reader has to match colours with a legend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, nan

from matplotlib.axes import Axes

from ebmbench.report.figures.axes import (
    GREY,
    TicksWithin,
    draw_bars,
    draw_curve,
    draw_x,
    far_off,
    frame,
    inches_of,
    name_what_leaves,
    set_title,
)
from ebmbench.report.figures.canvas import CURVE
from ebmbench.report.figures.limits import leaving, limits, starting
from ebmbench.report.figures.literal import wrapped
from ebmbench.report.figures.panels import Panel
from ebmbench.report.figures.styles import Style

OTHERS = "others"  # the mark of what is grey
PALE = "#C9C9C9"
MOST_TICKS = 3  # numbers on an axis
GROWN = 1.3  # times their first width: what axes become once all has its place
MOST_MARKERS = 10  # on a curve, which is short here


def draw_facets(
    axes: Sequence[Axes], panel: Panel, styles: Mapping[str, Style], lost: Mapping[str, str]
) -> None:
    """The panel's curves, one after another, in so many axes.

    Args:
        axes: as many as curves, row by row.
        panel: what is drawn.
        styles: of its curves.
        lost: curve -> how many of its seeds did not end well.
    """
    for ax, line in zip(axes, panel.curves, strict=True):
        _draw_facet(ax, panel, line, styles[line])
        set_title(ax, line)
        if line in lost:
            size = float(ax.title.get_fontsize())
            told = wrapped(lost[line], GROWN * inches_of(ax), size)
            ax.set_title(f"{ax.get_title()}\n{told}")
        ax.minorticks_off()
        ax.label_outer()
        ax.set(xlabel="", ylabel="")
    ends = [ax.get_xlim() for ax in axes]
    for ax in axes:  # not shared, which takes matplotlib several times as long
        ax.set_xlim(min(low for low, _ in ends), max(high for _, high in ends))
    grid = axes[0].get_gridspec()
    for ax in axes[-grid.ncols :] if grid else ():  # those with none below them
        ax.tick_params(labelbottom=True)


def _draw_facet(ax: Axes, panel: Panel, line: str, style: Style) -> None:
    frame(ax, panel)
    x, y = _others(panel, line)
    ax.plot(x, y, color=PALE, linewidth=0.5, gid=OTHERS, zorder=1)
    curve = panel.curves[line]
    if panel.points:
        draw_bars(ax, curve, style)
    else:
        draw_curve(ax, panel, line, style)
    means = [i.mean for i in curve.values]
    few = max(1, ceil(len(means) / MOST_MARKERS))
    ax.plot(curve.epochs, means, label=line, gid=CURVE, markevery=few, **style.line)
    if panel.target is not None:
        ax.axhline(panel.target, color=GREY, linewidth=0.6, zorder=1)
    draw_x(ax, panel, MOST_TICKS)
    if not panel.logarithmic:
        ax.yaxis.set_major_locator(TicksWithin(panel.ends, MOST_TICKS))
    if (far := leaving(panel).get(line)) is not None:
        up = far > sum(limits(panel)) / 2
        name_what_leaves(ax, f"{'▲' if up else '▼'} {far_off(far)}")
    elif (start := starting(panel).get(line)) is not None:
        name_what_leaves(ax, f"{'▲' if panel.better == 'lower' else '▼'} from {far_off(start)}")


def _others(panel: Panel, line: str) -> tuple[list[float], list[float]]:
    """All curves but one, with gaps between them: drawn as one they cost a tenth."""
    x: list[float] = []
    y: list[float] = []
    for other, curve in panel.curves.items():
        if other != line:
            x += [*curve.epochs, nan]
            y += [*(i.mean for i in curve.values), nan]
    return x, y
