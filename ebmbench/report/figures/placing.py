"""Where small multiples stand: by arithmetic, in inches from the figure's upper left corner.

Matplotlib's own layout would take longer than all the drawing: it asks every pair of axes for the
room of each text around it, several times over. Here all axes are alike, and but for the numbers at
y, whose width is given, texts lie on lines whose heights are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

LINE = 1.25  # the height of a line, in units of its letters' size
PAD = 0.06  # inches between the axes and what is written beside them
LOWEST = 0.3  # inches: axes, however many there are
Letters = Literal["font.size", "axes.titlesize", "axes.labelsize", "xtick.labelsize"]


class Block(NamedTuple):
    """Axes that belong together, row by row, with what is written around them."""

    axes: Sequence[Axes]
    title: str
    unit: str
    x_label: str


@dataclass(frozen=True)
class Grid:
    """The columns that axes stand in, and how large each is, in inches.

    Attributes:
        columns: side by side.
        left: of the first one's axes.
        width, height: of a pair of axes.
        gap: between two columns, below a row, and at the right.
    """

    columns: int
    left: float
    width: float
    height: float
    gap: float

    @classmethod
    def fitting(cls, whole: float, columns: int, height: float, numbers: float) -> Grid:
        """In a figure so wide.

        Args:
            whole: the figure's width.
            columns: side by side.
            height: of a row, with a title of one line.
            numbers: the width of those at y.
        """
        gap = _points("xtick.labelsize") / 72
        left = _line("axes.labelsize") + numbers + 2 * PAD
        width = (whole - left) / columns - gap
        return cls(columns, left, width, height - _line("axes.titlesize") - PAD - gap, gap)

    @property
    def middle(self) -> float:
        """Of all columns."""
        return self.left + (self.columns * (self.width + self.gap) - self.gap) / 2

    def axes(self, figure: Figure, n: int) -> list[Axes]:
        """So many, each in its column; ``place`` gives them their rows."""
        whole = figure.get_size_inches()
        size = (self.width / whole[0], self.height / whole[1])
        return [figure.add_axes((0, 0, *size)) for _ in range(n)]


class _LaidOut(NamedTuple):
    """What stands where.

    Attributes:
        tops: axes -> their column, and where they begin.
        words: where the middle of a text is, the text, and by how many degrees it is turned.
        height: of the whole.
    """

    tops: Mapping[Axes, tuple[int, float]]
    words: Sequence[tuple[float, float, str, int]]
    height: float


def place(
    figure: Figure, grid: Grid, blocks: Sequence[Block], most_height: float | None = None
) -> None:
    """Give the axes their places, one block below another, and the figure its height.

    Args:
        figure: that holds them.
        grid: of all blocks.
        blocks: with all that is written around them.
        most_height: of the figure, in inches; axes are lower where they would not fit.
    """
    found = _laid_out(grid, blocks)
    over = found.height - (most_height or found.height)
    if over > 0:
        rows = len({top for _, top in found.tops.values()})
        grid = replace(grid, height=max(LOWEST, grid.height - over / rows))
        found = _laid_out(grid, blocks)
    wide, high = figure.get_figwidth(), found.height
    figure.set_figheight(high)
    for ax, (column, top) in found.tops.items():
        x, y = grid.left + column * (grid.width + grid.gap), high - top - grid.height
        ax.set_position((x / wide, y / high, grid.width / wide, grid.height / high))
    for x, y, text, turned in found.words:
        figure.text(x / wide, 1 - y / high, text, rotation=turned, ha="center", va="center")
    for block in blocks:
        _keep_outer_numbers(block.axes, grid.columns)


def _laid_out(grid: Grid, blocks: Sequence[Block]) -> _LaidOut:
    down, tops = PAD / 2, dict[Axes, tuple[int, float]]()
    words: list[tuple[float, float, str, int]] = []
    for block in blocks:
        words.append((grid.middle, down + _line("font.size") / 2, block.title, 0))
        down += _line("font.size")
        upper, n = down, len(block.axes)
        for start in range(0, n, grid.columns):
            row = block.axes[start : start + grid.columns]
            down += max(_lines(ax) for ax in row) * _line("axes.titlesize") + PAD
            tops |= {ax: (column, down) for column, ax in enumerate(row)}
            down += grid.height + grid.gap
            if start + len(row) + grid.columns > n:  # some have none below them
                down += _line("xtick.labelsize")
        words.append((_line("axes.labelsize") / 2, (upper + down) / 2, block.unit, 90))
        words.append((grid.middle, down + _line("font.size") / 2, block.x_label, 0))
        down += _line("font.size") + 2 * PAD
    return _LaidOut(tops, words, down - PAD)


def _keep_outer_numbers(axes: Sequence[Axes], columns: int) -> None:
    """Ticks and numbers at the axes that have none left of them, or none below."""
    for i, ax in enumerate(axes):
        if i % columns:
            ax.yaxis.set_major_locator(NullLocator())
        if i + columns < len(axes):
            ax.xaxis.set_major_locator(NullLocator())


def _lines(ax: Axes) -> int:
    return ax.get_title().count("\n") + 1


def _points(setting: Letters) -> float:
    return float(rcParams[setting])


def _line(setting: Letters) -> float:
    """The height of a line of letters, in inches."""
    return LINE * _points(setting) / 72
