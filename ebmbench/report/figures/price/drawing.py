"""Drawing what quality costs, and what an update's time is spent on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from ebmbench.report import phrases
from ebmbench.report.figures.axes import (
    GREY,
    MOST_TICKS,
    TEXT,
    inches_of,
    label_decades,
    plain_frame,
    round_text,
    set_title,
)
from ebmbench.report.figures.canvas import CURVE
from ebmbench.report.figures.limits import has_band, limits
from ebmbench.report.figures.literal import wrapped
from ebmbench.report.figures.panels import Panel, XAxis, spans_decades
from ebmbench.report.figures.price.leaving import name_what_leaves
from ebmbench.report.figures.price.phases import Phases
from ebmbench.report.figures.price.prices import LABELS, Prices
from ebmbench.report.figures.styles import Style
from ebmbench.report.numbers import duration
from ebmbench.summary import Curve
from ebmbench.training.stopwatch import PHASES

FRONT, FLOOR = "front", "floor"  # marks of what is drawn
ON_FRONT, BEYOND = "on front", "beyond"  # likewise: rings, and the arrows of long intervals
RING = 1.9  # times the marker within: no marker hides it
NAMES = 0.4  # of the axes' width, for the methods' names at most
ROOM = 1.4  # beyond the cheapest and the dearest, a factor
LOOKS: Mapping[str, tuple[str, str]] = {  # of phases: colour and marker
    "data": ("#0072B2", "o"),
    "negative": ("#D55E00", "s"),
    "optimizer": ("#009E73", "^"),
}


def draw_prices(ax: Axes, part: Prices, styles: Mapping[str, Style]) -> None:
    """A point per method with its interval, and the Pareto front as steps behind them."""
    panel = _as_panel(part)
    plain_frame(ax)
    set_title(ax, part.title)
    ax.set_ylabel(part.unit)
    ax.set_xlabel(LABELS[part.measure])
    costs = [price.cost(part.measure) for price in part.points]
    ax.set_xscale("log")
    ax.set_xlim(min(costs) / ROOM, max(costs) * ROOM)
    label_decades(ax.xaxis, ROOM**2 * max(costs) / min(costs))
    low, high = limits(panel)
    if panel.logarithmic:
        ax.set_yscale("log")
        label_decades(ax.yaxis, high / low)
    ax.set_ylim(low, high)
    _draw_front(ax, part)
    for price in part.points:
        _draw_point(ax, part, price.method, styles[price.method], (low, high))
    name_what_leaves(ax, part, panel)


def _as_panel(part: Prices) -> Panel:
    """For the range of y: the same rule as everywhere."""
    curves = {
        price.method: Curve((price.cost(part.measure),), (price.final,)) for price in part.points
    }
    x = XAxis(LABELS[part.measure], logarithmic=True)
    log = spans_decades(curves) if part.logarithmic is None else part.logarithmic
    return Panel(part.title, part.unit, curves, log, x=x, ends=part.ends, better=part.better)


def _draw_front(ax: Axes, part: Prices) -> None:
    """From each method on the front the best that may be had for its cost, up to the next."""
    price = {each.method: each for each in part.points}
    ends = [(price[m].cost(part.measure), price[m].final.mean) for m in part.front]
    x = [cost for cost, _ in ends] + [ax.get_xlim()[1]]
    y = [mean for _, mean in ends] + [ends[-1][1]]
    ax.step(x, y, where="post", color=GREY, linewidth=0.9, zorder=1, gid=FRONT)


def _draw_point(
    ax: Axes, part: Prices, method: str, style: Style, shown: tuple[float, float]
) -> None:
    """Its interval with an arrow where it goes beyond the axis, and a ring if on the front."""
    price = next(each for each in part.points if each.method == method)
    final, cost = price.final, price.cost(part.measure)
    if has_band(final):
        ends = ([final.mean - final.low], [final.high - final.mean])
        ax.errorbar([cost], [final.mean], ends, fmt="none", ecolor=style.colour, elinewidth=0.9)
        beyond = [(shown[0], "v")] * (final.low < shown[0]) + [(shown[1], "^")] * (
            final.high > shown[1]
        )
        for end, arrow in beyond if shown[0] <= final.mean <= shown[1] else ():
            ax.plot(
                [cost], [end], linestyle="none", marker=arrow, markersize=3, color=style.colour,
                markeredgewidth=0, clip_on=False, gid=BEYOND,
            )  # fmt: skip
    ax.plot([cost], [final.mean], linestyle="none", label=method, gid=CURVE, **style.point)
    if method in part.front:
        size = RING * ax.lines[-1].get_markersize()
        ax.plot(
            [cost], [final.mean], linestyle="none", marker="o", markerfacecolor="none",
            markeredgecolor=TEXT, markeredgewidth=0.9, markersize=size, gid=ON_FRONT,
        )  # fmt: skip


def draw_phases(ax: Axes, part: Phases) -> None:
    """A row per method on a logarithmic axis of seconds: its phases, their sum, the floor.

    Nothing is stacked: on a logarithmic axis lengths would say nothing, and on a linear one the
    slowest method would hide what the others spend their time on.
    """
    plain_frame(ax)
    ax.set_title(part.title)
    ax.set_xlabel("time")
    ax.set_xscale("log")
    rows = range(len(part.updates))
    shown: list[float] = []
    for phase in PHASES:
        shown += _draw_row(ax, [u.seconds[phase] for u in part.updates], **_looks_of(phase))
    totals = [sum(u.seconds.values()) for u in part.updates]
    total: dict[str, Any] = {"color": "black", "marker": "|", "markersize": 9}
    shown += _draw_row(ax, totals, label="whole update", markeredgewidth=1.4, **total)
    if part.has_floor:
        floors = [sum(u.floor.values()) for u in part.updates]
        shown += _draw_row(
            ax, floors, label="machine's floor", color=GREY, marker="D", markerfacecolor="white"
        )
        ax.hlines(rows, floors, totals, color=GREY, linewidth=0.7, zorder=1, gid=FLOOR)
    ax.set_xlim(min(shown) / ROOM, max(shown) * ROOM)
    ax.xaxis.set_major_locator(LogLocator(numticks=MOST_TICKS))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: round_text(duration(x))))
    ax.xaxis.set_minor_formatter(NullFormatter())
    inches = inches_of(ax)
    size = float(ax.yaxis.label.get_fontsize())
    ax.set_yticks(rows, [wrapped(u.method, NAMES * inches, size) for u in part.updates])
    ax.set_ylim(len(part.updates) - 0.5, -0.5)
    ax.grid(False, axis="x")
    for row, seconds in zip(rows, totals, strict=True):
        ax.annotate(
            duration(seconds), (1, row), xycoords=("axes fraction", "data"), fontsize="small",
            va="center", ha="left", xytext=(3, 0), textcoords="offset points", color=GREY,
        )  # fmt: skip


def _looks_of(phase: str) -> dict[str, Any]:
    colour, marker = LOOKS[phase]
    return {"label": phrases.phase(phase), "color": colour, "marker": marker, "markeredgewidth": 0}


def _draw_row(ax: Axes, seconds: list[float], **looks: Any) -> list[float]:
    """A mark in each method's row; what took no time has none."""
    found = [(x, row) for row, x in enumerate(seconds) if x > 0]
    ax.plot([x for x, _ in found], [y for _, y in found], linestyle="none", gid=CURVE, **looks)
    return [x for x, _ in found]
