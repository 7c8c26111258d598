"""The report's pictures: learning curves, one picture per metric, and spectra.

First what is to be drawn (:func:`panels`, :func:`spectra`), then the drawing. Matplotlib's object
interface is used throughout, so nothing here touches global state.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from math import ceil
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from ebmbench.report.markdown import Picture
from ebmbench.statistics import Interval
from ebmbench.summary import Board, Curve, Summary, in_spectrum, part_of

# Okabe and Ito 2008, colours that the colour-blind tell apart; markers for print in grey.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C8C00")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<")
DECADES_FOR_LOG = 100.0  # a y axis turns logarithmic when its values span more
MOST_COLUMNS = 3
DPI = 160


@dataclass(frozen=True)
class Panel:
    """One pair of axes.

    Attributes:
        title: the part of the metric, ``test``.
        curves: method -> what to draw; x is the epoch, or the index in a spectrum.
        logarithmic: whether y is.
        target: where to draw the target; None for nowhere.
    """

    title: str
    curves: Mapping[str, Curve]
    logarithmic: bool
    target: float | None = None


def draw(summary: Summary, folder: Path) -> list[Picture]:
    """Draw every picture of a report into ``folder``."""
    styles = _styles(summary)
    pictures = []
    for board in summary.boards:
        for metric, values in summary.metrics.items():
            if any(map(in_spectrum, values)):
                picture = _draw_spectrum(summary, board, metric, styles, folder)
            else:
                picture = _draw_curves(summary, board, metric, styles, folder)
            pictures += [picture] if picture else []
    return pictures


# ---- what to draw


def panels(summary: Summary, board: Board, metric: str) -> list[Panel]:
    """The learning curves of a metric, a panel per part; none for what is measured only once."""
    found = []
    for value in summary.metrics[metric]:
        curves = {
            row.method: _trained(row.curves[value]) for row in board.rows if value in row.curves
        }
        curves = {method: curve for method, curve in curves.items() if len(curve.epochs) > 1}
        if curves:
            target = (
                summary.target.limit if summary.target and summary.target.value == value else None
            )
            found.append(Panel(part_of(value), curves, _spans_decades(curves), target))
    return found


def spectra(summary: Summary, board: Board, metric: str) -> Panel:
    """The final values of a spectrum by index, method by method."""
    indices = {int(part_of(v)): v for v in summary.metrics[metric] if in_spectrum(v)}
    curves = {}
    for row in board.rows:
        mine = {i: row.final[v] for i, v in indices.items() if v in row.final}
        if mine:
            curves[row.method] = Curve(tuple(mine), tuple(mine.values()))
    return Panel("", curves, _positive(curves))


def _trained(curve: Curve) -> Curve:
    """Without epoch 0, which a logarithmic axis cannot show, and without empty means."""
    kept = [(e, i) for e, i in zip(curve.epochs, curve.values, strict=True) if e > 0 and i.n]
    return Curve(tuple(e for e, _ in kept), tuple(i for _, i in kept))


def _spans_decades(curves: Mapping[str, Curve]) -> bool:
    means = _means(curves)
    return _positive(curves) and max(means) > DECADES_FOR_LOG * min(means)


def _positive(curves: Mapping[str, Curve]) -> bool:
    return min(_means(curves), default=0.0) > 0


def _means(curves: Mapping[str, Curve]) -> list[float]:
    return [i.mean for curve in curves.values() for i in curve.values]


# ---- drawing


@dataclass(frozen=True)
class Style:
    """How a method looks in every picture of a report."""

    colour: str
    marker: str


def _styles(summary: Summary) -> dict[str, Style]:
    pairs = zip(cycle(COLOURS), cycle(MARKERS), strict=False)
    return {m: Style(*pair) for m, pair in zip(summary.run["methods"], pairs, strict=False)}


def _draw_curves(
    summary: Summary, board: Board, metric: str, styles: Mapping[str, Style], folder: Path
) -> Picture | None:
    parts = panels(summary, board, metric)
    if not parts:
        return None
    figure, axes = _canvas(len(parts))
    for ax, panel in zip(axes, parts, strict=True):
        _draw_panel(ax, panel, styles)
        _label_epochs(ax)
        ax.set_ylabel(_label(summary, metric))
    better = summary.better(summary.metrics[metric][0])
    which = f" ({better} is better)" if better else ""
    caption = f"{metric}{which} over training on {board.dataset}: mean and 95 % interval over seeds"
    return _save(figure, axes, folder, Picture(_file(board, metric), board.dataset, caption))


def _draw_spectrum(
    summary: Summary, board: Board, metric: str, styles: Mapping[str, Style], folder: Path
) -> Picture | None:
    panel = spectra(summary, board, metric)
    if not panel.curves:
        return None
    figure, axes = _canvas(1)
    _draw_panel(axes[0], _side_by_side(panel), styles, bars=True)
    axes[0].set_xlabel("index")
    axes[0].xaxis.set_major_locator(MaxNLocator(integer=True))
    axes[0].set_ylabel(_label(summary, metric))
    caption = f"{metric} after training on {board.dataset}: mean and 95 % interval over seeds"
    return _save(figure, axes, folder, Picture(_file(board, metric), board.dataset, caption))


def _side_by_side(panel: Panel) -> Panel:
    """The methods moved apart a little, so that equal values do not hide each other."""
    n = len(panel.curves)
    shifts = [0.5 * (i - (n - 1) / 2) / n for i in range(n)]
    moved = {
        method: replace(curve, epochs=tuple(x + shift for x in curve.epochs))
        for (method, curve), shift in zip(panel.curves.items(), shifts, strict=True)
    }
    return replace(panel, curves=moved)


def _canvas(n: int) -> tuple[Figure, list[Axes]]:
    columns = min(n, MOST_COLUMNS)
    rows = ceil(n / columns)
    size = (max(4.6, 3.6 * columns), 2.9 * rows + 0.5)
    figure = Figure(figsize=size, dpi=DPI, layout="constrained")
    axes = [figure.add_subplot(rows, columns, i + 1) for i in range(n)]
    for ax in axes:
        _plain(ax)
    return figure, axes


def _plain(ax: Axes) -> None:
    """A light grid behind, no box around."""
    ax.grid(True, which="major", color="#E3E3E3", linewidth=0.7)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color("#808080")
    ax.tick_params(color="#808080", which="both", labelsize=9)


def _draw_panel(ax: Axes, panel: Panel, styles: Mapping[str, Style], bars: bool = False) -> None:
    if panel.logarithmic:
        ax.set_yscale("log")
        ax.set_ylim(*_decades(panel))
    for method, curve in panel.curves.items():
        _draw_method(ax, method, curve, styles[method], bars)
    if panel.target is not None:
        ax.axhline(panel.target, color="#606060", linestyle=(0, (4, 3)), linewidth=1.0, zorder=1)
        ax.annotate(
            "target", (1, panel.target), xycoords=("axes fraction", "data"), color="#606060",
            fontsize=8, ha="right", va="bottom", xytext=(0, 1.5), textcoords="offset points",
        )  # fmt: skip
    ax.set_title(panel.title, fontsize=10)


def _draw_method(ax: Axes, method: str, curve: Curve, style: Style, bars: bool) -> None:
    means = [i.mean for i in curve.values]
    looks = {
        "color": style.colour,
        "marker": style.marker,
        "markersize": 4.0,
        "linewidth": 0.6 if bars else 1.5,
    }
    ax.plot(curve.epochs, means, label=method, markeredgewidth=0, **looks)  # type: ignore[arg-type]
    if bars:
        errors = [i.half for i in curve.values]
        ax.errorbar(curve.epochs, means, errors, fmt="none", ecolor=style.colour, elinewidth=1)
    else:
        low, high = _band(curve.values)
        ax.fill_between(curve.epochs, low, high, color=style.colour, alpha=0.18, linewidth=0)


def _band(values: Sequence[Interval]) -> tuple[list[float], list[float]]:
    """The interval's ends; the mean itself where there is no interval."""
    low = [i.low if i.n > 1 else i.mean for i in values]
    high = [i.high if i.n > 1 else i.mean for i in values]
    return low, high


def _decades(panel: Panel) -> tuple[float, float]:
    """The limits of a logarithmic axis: means and target with room, however low a band hangs."""
    shown = [*_means(panel.curves), *([panel.target] if panel.target else [])]
    room = (max(shown) / min(shown)) ** 0.06 * 1.1
    return min(shown) / room, max(shown) * room


def _label_epochs(ax: Axes) -> None:
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xlabel("epoch")


def _label(summary: Summary, metric: str) -> str:
    unit = summary.unit(metric)
    name = metric.replace("_", " ")
    return f"{name} ({unit})" if unit else name


def _file(board: Board, metric: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", f"{board.dataset}-{metric}") + ".png"


def _save(figure: Figure, axes: Sequence[Axes], folder: Path, picture: Picture) -> Picture:
    _legend(figure, axes)
    figure.savefig(folder / picture.file, metadata={"Software": None})
    return picture


def _legend(figure: Figure, axes: Sequence[Axes]) -> None:
    """Right of a single panel, else below in as many columns as fit."""
    handles = {str(h.get_label()): h for ax in axes for h in ax.get_legend_handles_labels()[0]}
    widths = [0.6 + 0.08 * len(label) for label in handles]  # inches: line and gaps, and a letter
    shown = list(handles.values())
    if len(axes) == 1:
        figure.set_figwidth(figure.get_figwidth() + max(widths))
        figure.legend(handles=shown, loc="outside right center", frameon=False, fontsize=9)
        return
    columns = _fitting(widths, figure.get_figwidth())
    figure.legend(
        handles=shown, loc="outside lower center", ncols=columns, frameon=False, fontsize=9
    )


def _fitting(widths: Sequence[float], width: float) -> int:
    if sum(widths) <= width:
        return len(widths)
    return max(1, int(width / max(widths)))
