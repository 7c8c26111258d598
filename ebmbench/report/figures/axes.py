"""Drawing a panel: few curves in one pair of axes; ``facets.py`` draws many."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil, inf, log10
from typing import Any, Literal

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from ebmbench.interfaces.metric import Range
from ebmbench.report.figures.canvas import CURVE
from ebmbench.report.figures.limits import has_band, leaving, limits, starting
from ebmbench.report.figures.literal import LETTER, wrapped
from ebmbench.report.figures.panels import Panel
from ebmbench.report.figures.styles import Style
from ebmbench.report.numbers import count
from ebmbench.summary import Curve
from ebmbench.summary.statistics import Interval

GREY, TEXT = "#606060", "#202020"
GRID: Mapping[str, Any] = {"color": "#E3E3E3", "linewidth": 0.7}
SEED, DIVERGED, END, LEAVES = "seed", "diverged", "end", "leaves"  # marks of what is drawn
TARGET = "target"  # its name, and the mark of it
TARGET_AT = (("left", True), ("right", True), ("left", False), ("right", False))  # above or below
LONG_TEXT = 1e3  # from here on three digits are written with an exponent
LONG = 1e6  # from here on a number has a prefix: 3 M
SMALL = 0.83  # of the letters elsewhere: what "small" is
MOST_TICKS = 30  # of a logarithmic axis: far more than there are
MOST_MARKERS = 25  # on a curve: more would hide it


class TicksWithin(MaxNLocator):
    """Ticks between two ends, None for none: no axis names a value that cannot be."""

    def __init__(self, ends: Range, most: int | Literal["auto"] = "auto") -> None:
        super().__init__(nbins=most, steps=[1, 2, 2.5, 5, 10])
        self.ends = ends

    def tick_values(self, vmin: float, vmax: float) -> Sequence[float]:
        """Those that are no further out than the ends."""
        low, high = self.ends
        ticks = (float(tick) for tick in super().tick_values(vmin, vmax))
        return [
            tick
            for tick in ticks
            if (low is None or tick >= low) and (high is None or tick <= high)
        ]


def draw_panel(ax: Axes, panel: Panel, styles: Mapping[str, Style]) -> None:
    """Curves, or points where the panel says so, with what is known of their spread over seeds."""
    draw = draw_spectrum if panel.points else draw_curves
    draw(ax, panel, styles)


def draw_curves(ax: Axes, panel: Panel, styles: Mapping[str, Style]) -> None:
    """Curves over epochs or whatever x is: means, with their intervals as bands.

    Single seeds stand in place of a band where they are few, or asked for; a cross is where a seed
    diverged.
    """
    frame(ax, panel)
    for line, curve in panel.curves.items():
        draw_curve(ax, panel, line, styles[line])
        if line in panel.absent:
            draw_absent(ax, panel, line, styles[line])
            continue
        means = [i.mean for i in curve.values]
        looks = {**styles[line].line, "markevery": ceil(len(means) / MOST_MARKERS)}
        ax.plot(curve.epochs, means, label=line, gid=CURVE, **looks)
    draw_x(ax, panel)
    draw_target(ax, panel)
    _name_what_leaves(ax, panel)


def draw_curve(ax: Axes, panel: Panel, line: str, style: Style) -> None:
    """The spread of a curve over seeds, and where they diverged."""
    curve, seeds = panel.curves[line], panel.drawn_seeds(line)
    for trace in [*seeds, *panel.last_traces(line)]:
        ax.plot(trace.x, trace.y, color=style.colour, alpha=0.5, linewidth=0.6, gid=SEED)
    if not seeds:
        low, high = band(curve.values)
        ax.fill_between(curve.epochs, low, high, color=style.colour, alpha=0.13, linewidth=0)
    for trace in panel.diverged_seeds(line):
        ax.plot(
            trace.x[-1:], trace.y[-1:], "x", color=style.colour, gid=DIVERGED, markersize=6,
            markeredgewidth=1.5,
        )  # fmt: skip


def draw_absent(ax: Axes, panel: Panel, line: str, style: Style) -> None:
    """Nothing but a name for the legend, with the sign that its seeds are drawn by."""
    sign = "x" if panel.diverged_seeds(line) else "none"
    thin = "-" if panel.drawn_seeds(line) else "none"
    ax.plot(
        [], [], label=line, gid=CURVE, color=style.colour, marker=sign, linestyle=thin,
        linewidth=0.6,
    )  # fmt: skip


def draw_spectrum(ax: Axes, panel: Panel, styles: Mapping[str, Style]) -> None:
    """A spectrum over its index: means, with their intervals as bars."""
    frame(ax, panel)
    for line in panel.absent:
        draw_absent(ax, panel, line, styles[line])
    known = {line: curve for line, curve in panel.curves.items() if line not in panel.absent}
    for line, curve in _side_by_side(known).items():
        means = [i.mean for i in curve.values]
        looks = {**styles[line].line, "linewidth": 0.6}
        ax.plot(curve.epochs, means, label=line, gid=CURVE, **looks)
        draw_bars(ax, curve, styles[line])
    draw_x(ax, panel)
    _name_what_leaves(ax, panel)


def draw_bars(ax: Axes, curve: Curve, style: Style) -> None:
    """The intervals of points."""
    means = [i.mean for i in curve.values]
    low, high = band(curve.values)
    down = [mean - end for mean, end in zip(means, low, strict=True)]
    up = [end - mean for mean, end in zip(means, high, strict=True)]
    ax.errorbar(curve.epochs, means, (down, up), fmt="none", ecolor=style.colour, elinewidth=1)


def draw_x(ax: Axes, panel: Panel) -> None:
    """Scale, label and marks of x."""
    ax.set_xlabel(panel.x.label)
    scale_x(ax, panel)


def scale_x(ax: Axes, panel: Panel, most: int = 6) -> None:
    """Scale and marks of x, with so many numbers as fit."""
    if panel.points:
        ax.xaxis.set_major_locator(MaxNLocator(round(10 * most / 6), integer=True))
        return
    points = [x for curve in panel.curves.values() for x in curve.epochs]
    if panel.x.logarithmic:
        ax.set_xscale("log")
        label_decades(ax.xaxis, max(points) / min(points), most)
    for label, x in panel.x.marks.items():
        ax.axvline(x, color=GREY, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
        ax.annotate(
            label, (x, 1), xycoords=("data", "axes fraction"), color=GREY, fontsize="small",
            rotation=90, ha="right", va="top", xytext=(-2, -3), textcoords="offset points",
        )  # fmt: skip


def frame(ax: Axes, panel: Panel) -> None:
    """Title, unit and scale of y, and where it ends."""
    plain_frame(ax)
    set_title(ax, panel.title)
    ax.set_ylabel(panel.unit)
    scale_y(ax, panel, limits(panel))


def scale_y(
    ax: Axes, panel: Panel, shown: tuple[float, float], most: int | Literal["auto"] = "auto"
) -> None:
    """Scale of y from end to end, with so many numbers if it is linear, and where values end."""
    low, high = shown
    if panel.logarithmic:
        ax.set_yscale("log")
        label_decades(ax.yaxis, high / low)
    elif panel.ends != (None, None) or most != "auto":
        ax.yaxis.set_major_locator(TicksWithin(panel.ends, most))
    ax.set_ylim(low, high)
    for end in panel.ends:
        if end is not None and low < end < high:
            ax.axhline(end, color="#808080", linewidth=0.7, zorder=1, gid=END)


def set_title(ax: Axes, text: str) -> None:
    """The title, in as many lines as the width of the axes asks for."""
    ax.set_title(wrapped(text, inches_of(ax), float(ax.title.get_fontsize())))


def plain_frame(ax: Axes) -> None:
    """A light grid behind, no box around."""
    ax.grid(True, which="major", **GRID)
    no_box(ax)


def no_box(ax: Axes) -> None:
    """Two sides of four, in grey, behind all that is drawn."""
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color("#808080")
    ax.tick_params(color="#808080", which="both")


def _name_what_leaves(ax: Axes, panel: Panel) -> None:
    """The curves that the axis is not made for: how far they go, at the side that they leave by."""
    middle = sum(limits(panel)) / 2
    rows = {"▲": 0, "▼": 0}
    for line, far in leaving(panel).items():
        arrow = "▲" if far > middle else "▼"
        rows[arrow] += name_what_leaves(ax, f"{arrow} {line}: {far_off(far)}", rows[arrow])
    if starts := starting(panel):
        arrow, said = told_of_starts(panel, starts)
        name_what_leaves(ax, f"{arrow} {said}", rows[arrow])


def told_of_starts(panel: Panel, starts: Mapping[str, float]) -> tuple[str, str]:
    """An arrow to where curves come from, and how far that is."""
    upper = panel.better == "lower"
    far = max(starts.values()) if upper else min(starts.values())
    who = next(iter(starts)) if len(starts) == 1 else f"{len(starts)} curves"
    verb = "comes" if len(starts) == 1 else "come"
    return "▲" if upper else "▼", f"{who} {verb} from {far_off(far)}"


def far_off(value: float) -> str:
    """Three digits; without an exponent where a reader needs none."""
    text = f"{value:.3g}"
    return f"{float(text):.0f}" if LONG_TEXT <= abs(value) < LONG else text


def name_what_leaves(ax: Axes, text: str, row: int = 0) -> int:
    """A text at the upper end of the axes, or at the lower if it points down; its lines."""
    down = text.startswith("▼")
    size = float(rcParams["font.size"]) * SMALL
    lines = wrapped(text, inches_of(ax), size)
    note = ax.annotate(
        lines, (1, 0 if down else 1), xycoords="axes fraction", color=TEXT, fontsize=size,
        ha="right", va="bottom" if down else "top", gid=LEAVES, zorder=4,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 0.5},
        xytext=(-2, (1 if down else -1) * (2 + 1.2 * size * row)), textcoords="offset points",
    )  # fmt: skip
    note.set_in_layout(False)  # a long name would take the room of the axes
    return lines.count("\n") + 1


def _tick(x: float) -> str:
    return f"{x:g}" if x < LONG else round_text(count(x))


def round_text(text: str) -> str:
    """``3 M`` for ``3.00 M``: ticks are round, and not measured."""
    return re.sub(r"\.0+(?= )", "", text)


def inches_of(ax: Axes) -> float:
    """The width of the axes, about: before all that is written around them has its room."""
    return float(ax.get_window_extent().width / ax.figure.dpi)


def label_decades(axis: Axis, ratio: float, most: int = 6) -> None:
    """Plain numbers on a logarithmic axis, the more per decade the fewer decades there are.

    Args:
        axis: that is labelled.
        ratio: of its ends.
        most: labels that fit, about.
    """
    decades = log10(ratio) * 6 / most  # were there room for six
    steps = (1.0, 2.0, 5.0) if decades < 1.7 else (1.0, 3.0) if decades < 4.3 else (1.0,)
    most_ticks = MOST_TICKS if log10(ratio) < most + 1 else most  # else not at every decade
    axis.set_major_locator(LogLocator(subs=steps, numticks=most_ticks))
    axis.set_major_formatter(FuncFormatter(lambda x, _: _tick(x)))
    axis.set_minor_formatter(NullFormatter())


def draw_target(ax: Axes, panel: Panel, named: bool = True) -> None:
    """A line where the target is, with its name where least is drawn; nothing without a target."""
    target = panel.target
    if target is None:
        return
    ax.axhline(target, color=GREY, linewidth=0.8, zorder=1)
    if named:
        side, above = min(TARGET_AT, key=lambda place: _drawn_at(ax, panel, target, *place))
        ax.annotate(
            TARGET, (0 if side == "left" else 1, target), color=GREY, fontsize="small",
            xycoords=("axes fraction", "data"), ha=side, va="bottom" if above else "top",
            xytext=(3 if side == "left" else -3, 1.5 if above else -1.5), gid=TARGET,
            textcoords="offset points",
        )  # fmt: skip


def _drawn_at(ax: Axes, panel: Panel, target: float, side: str, above: bool) -> float:
    """How many points of curves the target's name would stand on; infinite beyond the axes."""
    to_shares = ax.transData + ax.transAxes.inverted()
    size, whole = float(rcParams["font.size"]) * SMALL * ax.figure.dpi / 72, ax.get_window_extent()
    wide, high = len(TARGET) * LETTER * size / whole.width, 1.4 * size / whole.height
    at = to_shares.transform((ax.get_xlim()[0], target))[1]
    low, most = (at, at + high) if above else (at - high, at)
    if low < 0 or most > 1:
        return inf
    points = [
        (x, i.mean) for c in panel.curves.values() for x, i in zip(c.epochs, c.values, strict=True)
    ]
    x, y = to_shares.transform(points).T
    within = x < wide if side == "left" else x > 1 - wide
    return float((within & (low < y) & (y < most)).sum())


def band(values: Sequence[Interval]) -> tuple[list[float], list[float]]:
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
