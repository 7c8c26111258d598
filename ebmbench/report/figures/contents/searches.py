"""A figure of what search finds: the expected best of n trials against n."""

from __future__ import annotations

from collections.abc import Iterator

from ebmbench.report.figures.contents.content import Content
from ebmbench.report.figures.other_panels import search_panel
from ebmbench.report.phrases import about_search
from ebmbench.summary import Leaderboard, Summary


def searches(summary: Summary, board: Leaderboard) -> Iterator[Content]:
    """The search on a dataset, a curve per method; none where there was none."""
    panel = search_panel(summary, board)
    if panel:
        yield Content(board.dataset, ("tuning",), about_search(board.dataset), [panel])
