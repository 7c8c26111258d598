"""How large a figure is and how it looks; ``paper`` has other layouts than the report's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_COLUMNS = 3
DPI = 160


@dataclass(frozen=True)
class Layout:
    """How large a figure is and how it looks.

    Attributes:
        width: of the whole in inches, and no more; None for as wide as panels and legend need.
        panel: width and height of a pair of axes, in inches.
        facet: of one among many.
        square: of one with images.
        columns: of panels, at most; facets may have twice as many.
        dpi: dots per inch, of a picture in dots.
        looks: matplotlib's settings.
    """

    width: float | None = None
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
