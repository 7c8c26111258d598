"""A figure of what search finds: the expected best of n trials against n."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ebmbench.report.figures.axes import draw_curves
from ebmbench.report.figures.canvas import canvas
from ebmbench.report.figures.panels import Panel, XAxis, spans_decades
from ebmbench.report.figures.sketch import Sketch
from ebmbench.report.figures.styles import Style
from ebmbench.summary import Curve, Leaderboard, Summary
from ebmbench.summary.statistics import Interval, interval
from ebmbench.summary.tuning import search_curve

TRIALS = XAxis("trials", logarithmic=True)


def searches(summary: Summary, board: Leaderboard, styles: Mapping[str, Style]) -> Iterator[Sketch]:
    """The search on a dataset, a curve per method; none where there was none."""
    found = summary.run.tuning
    curves = {}
    for each in found.on(board.dataset) if found else ():
        curve = search_curve(each, found.better) if found else None
        if curve and len(curve.trials) > 1:
            means = tuple(map(_certain, curve.expected))
            curves[each.method] = Curve(tuple(map(float, curve.trials)), means)
    if not curves or found is None:
        return
    figure, axes = canvas(1)
    title = f"{found.spec.metric} ({found.better} is better)"
    unit = summary.unit(found.spec.metric)
    draw_curves(axes[0], Panel(title, unit, curves, spans_decades(curves), x=TRIALS), styles)
    caption = f"What search finds on {board.dataset}: the expected best of n trials, held-out rows"
    yield Sketch(board.dataset, ("tuning",), caption, figure, axes)


def _certain(mean: float) -> Interval:
    """A number without an interval."""
    return interval([mean])
