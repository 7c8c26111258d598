"""How large a figure is and how it looks; ``paper`` has other layouts than the report's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

MOST_COLUMNS = 3
DPI = 160
AROUND = 0.4  # inches above and below the facets of a panel
NARROWEST = 0.8  # inches: a facet
SHRUNK, LOWEST = 0.85, 0.7  # of a facet's height: rather than more columns, and at the least


@dataclass(frozen=True)
class Layout:
    """How large a figure is and how it looks.

    Attributes:
        width: of the whole in inches, and no more; None for as wide as panels and legend need.
        most_height: of the whole where it has facets, likewise.
        panel: width and height of a pair of axes, in inches.
        facet: of one among many.
        square: of one with images.
        columns: of panels, at most; facets may have twice as many.
        dpi: dots per inch, of a picture in dots.
        looks: matplotlib's settings.
    """

    width: float | None = None
    most_height: float | None = None
    panel: tuple[float, float] = (3.6, 2.9)
    facet: tuple[float, float] = (1.8, 1.55)
    square: tuple[float, float] = (3.2, 3.4)
    columns: int = MOST_COLUMNS
    dpi: int = DPI
    looks: Mapping[str, Any] = field(default_factory=dict)

    def columns_of(self, n: int, size: tuple[float, float]) -> int:
        """How many of n pairs of axes stand side by side."""
        if self.width is None:
            return min(n, max(1, round(self.columns * self.panel[0] / size[0])))
        return min(n, max(1, int(self.width / size[0] + 0.01)))

    def facets_of(self, panels: Sequence[int]) -> tuple[int, float]:
        """How many facets stand side by side, and the height of each.

        Where they would be too high, all panels together, rows are lower, and columns more.

        Args:
            panels: how many facets each has.
        """
        columns, (_, height) = self.columns_of(max(panels), self.facet), self.facet
        if self.width is None or self.most_height is None:
            return columns, height
        most = max(columns, int(self.width / NARROWEST))
        heights = {n: self._height_at(n, panels) for n in range(columns, most + 1)}
        fitting = (n for n, found in heights.items() if found >= SHRUNK * height)
        columns = next(fitting, most)
        return columns, min(height, heights[columns])

    def holds(self, panels: Sequence[int]) -> bool:
        """Whether so many facets may be as high as it takes to tell something."""
        return self.facets_of(panels)[1] >= LOWEST * self.facet[1]

    def _height_at(self, columns: int, panels: Sequence[int]) -> float:
        """Of a row, where all are as high as the figure may be."""
        rows = sum(ceil(facets / columns) for facets in panels)
        return ((self.most_height or 0.0) - AROUND * len(panels)) / rows


REPORT = Layout(
    looks={
        "axes.titlesize": 10,
        "axes.labelsize": 10,
        "xtick.labelsize": 9,
        "ytick.labelsize": 9,
        "legend.fontsize": 9,
        "lines.markersize": 4.5,
    }
)
"""As wide as a page on a screen."""
