"""A figure per metric and axis: final values against a swept option."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ebmbench.report.figures.axes import draw_curves
from ebmbench.report.figures.canvas import canvas
from ebmbench.report.figures.learning import MEAN
from ebmbench.report.figures.other_panels import sweep_panel
from ebmbench.report.figures.panels import Panel
from ebmbench.report.figures.sketch import Sketch
from ebmbench.report.figures.styles import Style
from ebmbench.summary import Summary, Sweep, in_spectrum


def sweeps(
    summary: Summary, found: Sequence[Sweep], styles: Mapping[str, Style]
) -> Iterator[Sketch]:
    """The figures of some sweeps; none for a metric that was not measured."""
    for sweep in found:
        for metric, values in summary.metrics.items():
            parts = [
                p for v in values if not in_spectrum(v) and (p := sweep_panel(summary, sweep, v))
            ]
            if parts:
                yield _drawn(summary, sweep, metric, parts, styles)


def _drawn(
    summary: Summary,
    sweep: Sweep,
    metric: str,
    parts: Sequence[Panel],
    styles: Mapping[str, Style],
) -> Sketch:
    figure, axes = canvas(len(parts))
    for ax, part in zip(axes, parts, strict=True):
        draw_curves(ax, part, styles)
    when = f"after {summary.run.train}" if summary.trained else "of untrained models"
    caption = f"{metric} {when} on {sweep.dataset} against {sweep.axis.name}: {MEAN}"
    return Sketch(sweep.dataset, (metric, "over", sweep.axis.name), caption, figure, axes)
