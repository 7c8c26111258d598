"""How a method looks: the same in every picture of a report, and told apart without colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

# Okabe and Ito 2008, colours that the colour-blind tell apart; yellow is too pale for lines.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00", "#56B4E9", "#8C8C00")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", "p")  # one more: pairs differ up to 72
MARKS = ("#0072B2", "#009E73", "#D55E00", "#CC79A7", "#E69F00", "#56B4E9")  # of images
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
    """A colour for screens; a marker and dashes for print in grey."""

    colour: str
    marker: str
    dashes: Dashes


def styles_of(methods: Sequence[str]) -> dict[str, Style]:
    """Method -> its looks, by its place in the suite."""
    looks = zip(cycle(COLOURS), cycle(MARKERS), cycle(DASHES), strict=False)
    return {method: Style(*look) for method, look in zip(methods, looks, strict=False)}
