"""A figure of what search finds: the expected best of n trials against n."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ebmbench.report.figures.axes import draw_curves
from ebmbench.report.figures.canvas import canvas
from ebmbench.report.figures.other_panels import search_panel
from ebmbench.report.figures.sketch import Sketch
from ebmbench.report.figures.styles import Style
from ebmbench.report.phrases import about_search
from ebmbench.summary import Leaderboard, Summary


def searches(summary: Summary, board: Leaderboard, styles: Mapping[str, Style]) -> Iterator[Sketch]:
    """The search on a dataset, a curve per method; none where there was none."""
    panel = search_panel(summary, board)
    if panel:
        figure, axes = canvas(1)
        draw_curves(axes[0], panel, styles)
        yield Sketch(board.dataset, ("tuning",), about_search(board.dataset), figure, axes)
