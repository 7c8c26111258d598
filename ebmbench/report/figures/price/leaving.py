"""Names of what lies beyond the axes, each with an arrow at its cost, where they hide least."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from matplotlib import rcParams
from matplotlib.axes import Axes

from ebmbench.report.figures.axes import LEAVES, SMALL, TEXT, far_off
from ebmbench.report.figures.limits import has_band, leaving, limits
from ebmbench.report.figures.literal import LETTER
from ebmbench.report.figures.panels import Panel
from ebmbench.report.figures.price.prices import Prices

ROWS = 4  # from the end of the axes inwards
LINE = 1.25  # the height of a row, in units of its letters' size
POINT, ARROW = 0.04, 0.015  # of the axes: on either side of a point with its ring, of an arrow


class Box(NamedTuple):
    """A rectangle, in shares of the axes."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: Box) -> bool:
        """Whether they have more than an edge in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.bottom < other.top and other.bottom < self.top


class Spot(NamedTuple):
    """Where a text may stand: at which side it touches its cost, its row, and what it covers."""

    side: str
    y: float
    box: Box


def name_what_leaves(ax: Axes, part: Prices, panel: Panel) -> None:
    """Beside each other and what is drawn; where there is no room, over as little as can be."""
    taken, middle = list(_drawn(ax, part)), sum(limits(panel)) / 2
    for method, far in leaving(panel).items():
        up, text = far > middle, f"{method}: {far_off(far)}"
        cost = _shares(ax, panel.curves[method].epochs[0], middle)[0]
        spots = list(_spots(ax, cost, len(text) + 2, up))
        spot = min(spots, key=lambda spot: sum(map(spot.box.overlaps, taken)))
        taken.append(spot.box)
        arrow = "▲" if up else "▼"
        note = ax.annotate(
            f"{arrow} {text}" if spot.side == "left" else f"{text} {arrow}",
            (cost, spot.y), xycoords="axes fraction", fontsize="small", color=TEXT, gid=LEAVES,
            ha=spot.side, va="top" if up else "bottom", zorder=4,
        )  # fmt: skip
        note.set_in_layout(False)


def _drawn(ax: Axes, part: Prices) -> Iterator[Box]:
    """Of each point, with its ring, and of its interval with the arrows at its ends."""
    least, most = ax.get_ylim()
    for price in part.points:
        cost, final = price.cost(part.measure), price.final
        x, y = _shares(ax, cost, final.mean)
        yield Box(x - POINT, y - POINT, x + POINT, y + POINT)
        if has_band(final) and least <= final.mean <= most:
            low = _shares(ax, cost, max(final.low, least))[1]
            high = _shares(ax, cost, min(final.high, most))[1]
            yield Box(x - ARROW, low, x + ARROW, high)


def _spots(ax: Axes, cost: float, letters: int, up: bool) -> Iterable[Spot]:
    """Within the axes, those nearest to their end first."""
    size, whole = float(rcParams["font.size"]) * SMALL, ax.get_window_extent()
    wide = LETTER * letters * size / 72 * ax.figure.dpi / whole.width
    high = LINE * size / 72 * ax.figure.dpi / whole.height
    lefts = {"left": cost, "right": cost - wide}
    fitting = [side for side, left in lefts.items() if left >= 0 and left + wide <= 1]
    for row in range(ROWS):
        y = 1 - row * high if up else row * high
        for side in fitting or lefts:
            left, bottom = lefts[side], y - high if up else y
            yield Spot(side, y, Box(left, bottom, left + wide, bottom + high))


def _shares(ax: Axes, x: float, y: float) -> tuple[float, float]:
    """Where a point lies in the axes, from 0 to 1."""
    across, up = ax.transAxes.inverted().transform(ax.transData.transform((x, y)))
    return float(across), float(up)
