"""A figure per picture that metrics show: grids of images, or curves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ebmbench.report.figures.contents.content import Content, Images
from ebmbench.report.figures.contents.learning import MEAN
from ebmbench.report.figures.other_panels import shown_panel
from ebmbench.report.gallery import MOST_IMAGES, Gallery, Grid
from ebmbench.summary import Leaderboard, Summary


def shown(summary: Summary, board: Leaderboard, gallery: Gallery) -> Iterator[Content]:
    """The pictures of the methods that tables list."""
    listed = summary.listed(board)
    for name, about in gallery.names(board.dataset).items():
        if about.kind == "images":
            grids = _grids(listed, name, gallery)
            caption = f"{name} on {board.dataset}{_when(summary, grids)}" if grids else ""
            parts: Sequence[Images] = [Images(method, grid) for method, grid in grids.items()]
            if parts:
                yield Content(board.dataset, (name,), caption, parts)
        elif panel := shown_panel(listed, name, about, gallery):
            when = f" after {about.epochs[-1]} epochs" if summary.trained else ""
            caption = f"{name} on {board.dataset}{when}: {MEAN}"
            yield Content(board.dataset, (name,), caption, [panel])


def _grids(board: Leaderboard, name: str, gallery: Gallery) -> dict[str, Grid]:
    found = {row.method: gallery.grid(board.dataset, row.method, name) for row in board.rows}
    return {method: grid for method, grid in found.items() if grid and len(grid.pixels)}


def _when(summary: Summary, grids: Mapping[str, Grid]) -> str:
    """After which epoch, of which seed, and how many of them."""
    first = next(iter(grids.values()))
    epoch = f" after {first.epoch} epochs" if summary.trained else ""
    most = max(len(grid.pixels) for grid in grids.values())
    cut = f", the first {MOST_IMAGES} of {most} images" if most > MOST_IMAGES else ""
    return f"{epoch}, seed {first.seed}{cut}"
