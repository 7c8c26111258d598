"""Drawing a grid of images."""

from __future__ import annotations

from math import ceil, sqrt

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Patch
from numpy.typing import NDArray

from ebmbench.report.figures.literal import add_legend, wrapped
from ebmbench.report.figures.styles import MARKS
from ebmbench.report.gallery import MOST_IMAGES, Grid

UNMARKED = "#B0B0B0"
SIZE = 10  # points of a title's letters, at most
WIDE = 1.8  # inches: room for a legend on one line
SIDE = 36  # dots of an image's longer side, at least: small ones are magnified
FRAME, GAP = 3, 3  # dots: the border of an image, and what is between two


def draw_grid(ax: Axes, title: str, grid: Grid) -> None:
    """The images, row by row, each framed in the colour of its mark; below, the marks' counts."""
    ax.imshow(mosaic(grid), interpolation="antialiased")
    ax.set_axis_off()
    ax.set_title(wrapped(title, ax.get_window_extent().width / ax.figure.dpi, SIZE))
    if grid.marks is not None:
        words = enumerate(counts(grid).items())
        entries = {f"{word} {count}": Patch(color=_colour(i)) for i, (word, count) in words}
        is_wide = ax.get_window_extent().width > WIDE * ax.figure.dpi
        columns = len(entries) if is_wide else 1
        add_legend(
            ax, entries, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=columns,
            frameon=False, fontsize="small", handlelength=0.9, handletextpad=0.4, columnspacing=1.2,
            borderaxespad=0.2,
        )  # fmt: skip


def counts(grid: Grid) -> dict[str, int]:
    """Word of the legend -> how many of all images bear it."""
    marks = grid.marks if grid.marks is not None else np.zeros(0, np.int64)
    return {word: int((marks == i).sum()) for i, word in enumerate(grid.legend)}


def mosaic(grid: Grid) -> NDArray[np.float64]:
    """All images in one, (height, width, 3) in [0, 1]; -1 is black, 1 is white."""
    tiles = [_tile(grid, i) for i in range(min(len(grid.pixels), MOST_IMAGES))]
    height, width = tiles[0].shape[0] + GAP, tiles[0].shape[1] + GAP
    columns = ceil(sqrt(len(tiles) * height / width))
    rows = ceil(len(tiles) / columns)
    whole = np.ones((rows * height - GAP, columns * width - GAP, 3))
    for index, tile in enumerate(tiles):
        top, left = height * (index // columns), width * (index % columns)
        whole[top : top + tile.shape[0], left : left + tile.shape[1]] = tile
    return whole


def _tile(grid: Grid, index: int) -> NDArray[np.float64]:
    """One image, magnified, in its frame."""
    grey = (grid.pixels[index].astype(float).clip(-1, 1) + 1) / 2
    scale = max(1, ceil(SIDE / max(grey.shape)))
    large = np.repeat(np.repeat(grey, scale, axis=0), scale, axis=1)
    colour = UNMARKED if grid.marks is None else _colour(int(grid.marks[index]))
    framed = np.tile(np.array(to_rgb(colour)), (*(n + 2 * FRAME for n in large.shape), 1))
    framed[FRAME:-FRAME, FRAME:-FRAME] = large[..., None]
    return framed


def _colour(mark: int) -> str:
    return MARKS[mark % len(MARKS)]
