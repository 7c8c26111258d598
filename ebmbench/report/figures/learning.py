"""A figure per metric: learning curves, or a spectrum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ebmbench.report.figures.axes import draw_curves, draw_spectrum
from ebmbench.report.figures.canvas import canvas
from ebmbench.report.figures.limits import SMALLEST, cut_off
from ebmbench.report.figures.panels import Panel, panels, spectrum
from ebmbench.report.figures.sketch import Sketch
from ebmbench.report.figures.styles import Style
from ebmbench.summary import Leaderboard, Summary, in_spectrum

MEAN = (
    "mean and 95 % interval over seeds, none where half of them or more have one value, and a gap "
    "where some have none"
)


def learning(summary: Summary, board: Leaderboard, styles: Mapping[str, Style]) -> Iterator[Sketch]:
    """The metrics' figures; none for what is measured only once."""
    listed = summary.listed(board)
    left_out = "; swept methods are left out" if len(listed.rows) < len(board.rows) else ""
    for metric, values in summary.metrics.items():
        of_metric = _spectrum if any(map(in_spectrum, values)) else _curves
        sketch = of_metric(summary, listed, metric, styles)
        if sketch:
            yield sketch._replace(caption=sketch.caption + left_out)


def _curves(
    summary: Summary, board: Leaderboard, metric: str, styles: Mapping[str, Style]
) -> Sketch | None:
    parts = panels(summary, board, metric)
    if not parts:
        return None
    figure, axes = canvas(len(parts))
    for ax, panel in zip(axes, parts, strict=True):
        draw_curves(ax, panel, styles)
    caption = f"{metric} over training on {board.dataset}: {_shown(parts)}"
    return Sketch(board.dataset, (metric,), caption, figure, axes)


def _spectrum(
    summary: Summary, board: Leaderboard, metric: str, styles: Mapping[str, Style]
) -> Sketch | None:
    panel = spectrum(summary, board, metric)
    if not panel.curves:
        return None
    figure, axes = canvas(1)
    draw_spectrum(axes[0], panel, styles)
    when = "after training" if summary.trained else "of untrained models"
    caption = f"{metric} {when} on {board.dataset}: {_shown([panel])}"
    return Sketch(board.dataset, (metric,), caption, figure, axes)


def _shown(parts: Sequence[Panel]) -> str:
    cut = f"; values below {SMALLEST:g} of the largest are not shown"
    return MEAN + (cut if any(map(cut_off, parts)) else "")
