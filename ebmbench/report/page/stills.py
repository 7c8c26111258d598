"""The report's pictures within the page, for readers without JavaScript, and for paper."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ebmbench.report.page.data_uri import data_uri
from ebmbench.report.picture import Picture

COLOURS = 64
MOST_BYTES = 1_700_000  # of all that was measured, as text
MOST_OF_COSTS = 300_000  # likewise of what it costs, whose numbers are in tables beside them


class Still(NamedTuple):
    """A picture of the report.

    Attributes:
        shows: what stands in its place for those who do not see it.
        caption: below it, for all.
        address: the picture itself.
        width, height: in its own pixels.
    """

    dataset: str
    shows: str
    caption: str
    address: str
    width: int
    height: int


def stills(
    folder: Path, pictures: Sequence[Picture], most: int = MOST_BYTES
) -> tuple[list[Still], int]:
    """Those that fit, and how many do not.

    Args:
        folder: where the pictures are.
        pictures: of the report, in its order.
        most: bytes of all of them, as text.
    """
    kept: list[Still] = []
    size = 0
    for picture in pictures:
        still = _still(folder, picture)
        if size + len(still.address) <= most:
            size += len(still.address)
            kept.append(still)
    return kept, len(pictures) - len(kept)


def _still(folder: Path, picture: Picture) -> Still:
    """With few colours: a quarter of the size, and to the eye the same.

    By an octree, ten times as fast as Pillow's usual median cut, and nearer on lines and letters.
    """
    from PIL import Image

    with Image.open(folder / picture.file) as whole:
        octree, plain = Image.Quantize.FASTOCTREE, Image.Dither.NONE
        few = whole.convert("RGB").quantize(COLOURS, octree, dither=plain)
        file = io.BytesIO()
        few.save(file, "png")
        address = data_uri(file.getvalue(), "image/png")
        return Still(picture.dataset, picture.shows, picture.caption, address, *whole.size)
