"""A figure per picture that metrics show: grids of images, or curves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ebmbench.journal.documents import PictureAbout
from ebmbench.report.figures.axes import draw_curves
from ebmbench.report.figures.canvas import canvas
from ebmbench.report.figures.grids import MOST_IMAGES, draw_grid
from ebmbench.report.figures.learning import MEAN
from ebmbench.report.figures.other_panels import shown_panel
from ebmbench.report.figures.sketch import Sketch
from ebmbench.report.figures.styles import Style
from ebmbench.report.gallery import Gallery, Grid
from ebmbench.summary import Leaderboard, Summary

SQUARE = (3.2, 3.4)  # inches, of a panel with a grid and its legend


def shown(
    summary: Summary, board: Leaderboard, gallery: Gallery, styles: Mapping[str, Style]
) -> Iterator[Sketch]:
    """The pictures of the methods that tables list."""
    listed = summary.listed(board)
    for name, about in gallery.names(board.dataset).items():
        sketch = (
            _images(summary, listed, name, gallery)
            if about.kind == "images"
            else _curves(summary, listed, name, about, gallery, styles)
        )
        if sketch:
            yield sketch


def _images(summary: Summary, board: Leaderboard, name: str, gallery: Gallery) -> Sketch | None:
    found = {row.method: gallery.grid(board.dataset, row.method, name) for row in board.rows}
    grids = {method: grid for method, grid in found.items() if grid and len(grid.pixels)}
    if not grids:
        return None
    figure, axes = canvas(len(grids), SQUARE)
    for ax, (method, grid) in zip(axes, grids.items(), strict=True):
        draw_grid(ax, method, grid)
    caption = f"{name} on {board.dataset}{_when(summary, grids)}"
    return Sketch(board.dataset, (name,), caption, figure, axes)


def _when(summary: Summary, grids: Mapping[str, Grid]) -> str:
    """After which epoch, of which seed, and how many of them."""
    first = next(iter(grids.values()))
    epoch = f" after {first.epoch} epochs" if summary.trained else ""
    most = max(len(grid.pixels) for grid in grids.values())
    cut = f", the first {MOST_IMAGES} of {most} images" if most > MOST_IMAGES else ""
    return f"{epoch}, seed {first.seed}{cut}"


def _curves(
    summary: Summary,
    board: Leaderboard,
    name: str,
    about: PictureAbout,
    gallery: Gallery,
    styles: Mapping[str, Style],
) -> Sketch | None:
    panel = shown_panel(board, name, about, gallery)
    if panel is None:
        return None
    figure, axes = canvas(1)
    draw_curves(axes[0], panel, styles)
    when = f" after {about.epochs[-1]} epochs" if summary.trained else ""
    caption = f"{name} on {board.dataset}{when}: {MEAN}"
    return Sketch(board.dataset, (name,), caption, figure, axes)
