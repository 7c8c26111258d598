"""How a method looks: the same in every picture of a report, and told apart without colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

# Okabe and Ito 2008, colours that the colour-blind tell apart; yellow is too pale for lines.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00", "#56B4E9", "#8C8C00")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", "p")  # one more: pairs differ up to 72
MARKS = ("#0072B2", "#009E73", "#D55E00", "#CC79A7", "#E69F00", "#56B4E9")  # of images
HOLLOW = 0.9  # the width of a hollow marker's edge
Dashes = tuple[int, tuple[float, ...]]
DASHES: tuple[Dashes, ...] = (
    (0, ()),
    (0, (5, 1.5)),
    (0, (3, 1.2, 1, 1.2)),
    (0, (1, 1.2)),
    (0, (8, 2)),
    (0, (5, 1.2, 1, 1.2, 1, 1.2)),
    (0, (2.5, 1.2)),
)


@dataclass(frozen=True)
class Style:
    """A colour for screens; a marker, full or hollow, and dashes for print in grey."""

    colour: str
    marker: str
    dashes: Dashes
    hollow: bool = False

    @property
    def line(self) -> dict[str, Any]:
        """The looks of a line with markers, as matplotlib names them."""
        return {**self.point, "linestyle": self.dashes}

    @property
    def point(self) -> dict[str, Any]:
        """The looks of a marker alone, likewise."""
        inside = {"markerfacecolor": "white"} if self.hollow else {}
        width = HOLLOW if self.hollow else 0
        return {"color": self.colour, "marker": self.marker, "markeredgewidth": width, **inside}


def styles_of(methods: Sequence[str]) -> dict[str, Style]:
    """Method -> its looks, by its place in the suite.

    Where there are more methods than colours, two of one colour differ in marker and dashes, and
    every second round of the colours has hollow markers.
    """
    looks = zip(cycle(COLOURS), cycle(MARKERS), cycle(DASHES), strict=False)
    return {
        method: Style(*look, hollow=place // len(COLOURS) % 2 == 1)
        for place, (method, look) in enumerate(zip(methods, looks, strict=False))
    }
