"""A method's line and marker as a small drawing, which tables and buttons of the page share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ebmbench.report.figures.styles import Style

SHAPES = {  # marker -> its outline around the origin, as SVG has it
    "o": "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0",
    "s": "M-3.5-3.5h7v7h-7z",
    "^": "M0-4.5l4.5 8h-9z",
    "D": "M0-5l5 5l-5 5l-5-5z",
    "v": "M0 4.5l4.5-8h-9z",
    "P": "M-1.5-4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z",
    "X": "M-4-2l2-2l2 2l2-2l2 2l-2 2l2 2l-2 2l-2-2l-2 2l-2-2l2-2z",
    "<": "M-4.5 0l8-4.5v9z",
    "p": "M0-4.8l4.6 3.3l-1.8 5.4h-5.6l-1.8-5.4z",
}
BLACK = "#000000"  # would be lost on a dark page
SCALE = 2  # of dashes, which are in units of the line's width


class Swatch(NamedTuple):
    """How a method looks.

    Attributes:
        colour: as CSS has it.
        dashes: of the line; "" for an unbroken one.
        shape: of the marker.
        inside: the marker's colour within its edge.
    """

    colour: str
    dashes: str
    shape: str
    inside: str


def swatches(styles: Mapping[str, Style]) -> dict[str, Swatch]:
    """Method -> its swatch."""
    return {method: _swatch(style) for method, style in styles.items()}


def _swatch(style: Style) -> Swatch:
    colour = "var(--ink)" if style.colour == BLACK else style.colour
    dashes = " ".join(f"{SCALE * dash:g}" for dash in style.dashes[1])
    return Swatch(colour, dashes, SHAPES[style.marker], "var(--paper)" if style.hollow else colour)
