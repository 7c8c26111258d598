"""Drawing a panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil, log10
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from ebmbench.report.figures.canvas import CURVE
from ebmbench.report.figures.limits import has_band, limits
from ebmbench.report.figures.panels import Panel
from ebmbench.report.figures.styles import Style
from ebmbench.report.numbers import count
from ebmbench.summary import Curve
from ebmbench.summary.statistics import Interval

GREY = "#606060"
LONG = 1e6  # from here on a number has a prefix: 3 M
MOST_MARKERS = 25  # on a curve: more would hide it


def draw_curves(ax: Axes, panel: Panel, styles: Mapping[str, Style]) -> None:
    """Curves over epochs or whatever x is: means, with their intervals as bands."""
    _frame(ax, panel)
    for method, curve in panel.curves.items():
        means = [i.mean for i in curve.values]
        looks = {**_looks(styles[method]), "markevery": ceil(len(means) / MOST_MARKERS)}
        ax.plot(curve.epochs, means, label=method, gid=CURVE, linewidth=1.5, **looks)
        low, high = _band(curve.values)
        ax.fill_between(
            curve.epochs, low, high, color=styles[method].colour, alpha=0.13, linewidth=0
        )
    if panel.target is not None:
        _draw_target(ax, panel.target)
    _draw_x(ax, panel)


def draw_spectrum(ax: Axes, panel: Panel, styles: Mapping[str, Style]) -> None:
    """A spectrum over its index: means, with their intervals as bars."""
    _frame(ax, panel)
    for method, curve in _side_by_side(panel.curves).items():
        means = [i.mean for i in curve.values]
        low, high = _band(curve.values)
        down = [mean - end for mean, end in zip(means, low, strict=True)]
        up = [end - mean for mean, end in zip(means, high, strict=True)]
        looks = {**_looks(styles[method]), "linewidth": 0.6}
        ax.plot(curve.epochs, means, label=method, gid=CURVE, **looks)
        ax.errorbar(
            curve.epochs, means, (down, up), fmt="none", ecolor=styles[method].colour, elinewidth=1
        )
    ax.set_xlabel("index")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))


def _draw_x(ax: Axes, panel: Panel) -> None:
    """Scale, label and marks of x."""
    points = [x for curve in panel.curves.values() for x in curve.epochs]
    if panel.x.logarithmic:
        ax.set_xscale("log")
        _label_decades(ax.xaxis, max(points) / min(points))
    ax.set_xlabel(panel.x.label)
    for label, x in panel.x.marks.items():
        ax.axvline(x, color=GREY, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
        ax.annotate(
            label, (x, 1), xycoords=("data", "axes fraction"), color=GREY, fontsize=8,
            rotation=90, ha="right", va="top", xytext=(-2, -3), textcoords="offset points",
        )  # fmt: skip


def _frame(ax: Axes, panel: Panel) -> None:
    """A light grid behind, no box around; title, unit and scale of y."""
    ax.grid(True, which="major", color="#E3E3E3", linewidth=0.7)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color("#808080")
    ax.tick_params(color="#808080", which="both", labelsize=9)
    ax.set_title(panel.title, fontsize=10)
    ax.set_ylabel(panel.unit)
    low, high = limits(panel)
    if panel.logarithmic:
        ax.set_yscale("log")
        _label_decades(ax.yaxis, high / low)
    ax.set_ylim(low, high)


def _label_decades(axis: Axis, ratio: float) -> None:
    """Plain numbers on a logarithmic axis, the more per decade the fewer decades there are."""
    decades = log10(ratio)
    steps = (1.0, 2.0, 5.0) if decades < 1.7 else (1.0, 3.0) if decades < 4.3 else (1.0,)
    axis.set_major_locator(LogLocator(subs=steps))
    axis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}" if x < LONG else count(x)))
    axis.set_minor_formatter(NullFormatter())


def _looks(style: Style) -> dict[str, Any]:
    return {
        "color": style.colour,
        "marker": style.marker,
        "linestyle": style.dashes,
        "markersize": 4.5,
        "markeredgewidth": 0,
    }


def _draw_target(ax: Axes, target: float) -> None:
    ax.axhline(target, color=GREY, linewidth=0.8, zorder=1)
    ax.annotate(
        "target", (0, target), xycoords=("axes fraction", "data"), color=GREY,
        fontsize=8, ha="left", va="bottom", xytext=(3, 1.5), textcoords="offset points",
    )  # fmt: skip


def _band(values: Sequence[Interval]) -> tuple[list[float], list[float]]:
    """The interval's ends; the mean itself where no interval is drawn."""
    low = [i.low if has_band(i) else i.mean for i in values]
    high = [i.high if has_band(i) else i.mean for i in values]
    return low, high


def _side_by_side(curves: Mapping[str, Curve]) -> dict[str, Curve]:
    """The methods moved apart a little, so that equal values do not hide each other."""
    n = len(curves)
    shifts = [0.6 * (i - (n - 1) / 2) / n for i in range(n)]
    return {
        method: replace(curve, epochs=tuple(x + shift for x in curve.epochs))
        for (method, curve), shift in zip(curves.items(), shifts, strict=True)
    }
