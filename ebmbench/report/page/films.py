"""Images that metrics show, over training: a film per method, its frames in one small PNG.

A film's picture holds its frames one below the other, each a grid of images at one pixel per pixel;
the page draws them larger, framed in the colours of their marks. Of many epochs some are left out,
first and last never, until all films of the page fit.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ebmbench.report.gallery import Gallery, Grid
from ebmbench.report.page.data_uri import data_uri
from ebmbench.summary import Summary

MOST_IMAGES = 64  # of a frame
MOST_FRAMES = (24, 12, 6, 3, 1)  # of a film; the first that lets all films fit
MOST_BYTES = 600_000  # of all films
GREYS = 32


@dataclass(frozen=True)
class Film:
    """A method's images over training, on one seed.

    Attributes:
        marks: epoch by epoch, each image's entry in ``legend``; None for none.
        columns: of the grid in a frame.
        picture: the frames, a PNG.
        taken: how many frames there are in the records.
    """

    dataset: str
    name: str
    method: str
    seed: int
    legend: tuple[str, ...]
    epochs: tuple[int, ...]
    images: int
    of: int
    shape: tuple[int, int]
    columns: int
    marks: tuple[list[int] | None, ...]
    picture: bytes
    taken: int

    def numbers(self, lines: Mapping[str, int]) -> dict[str, Any]:
        """What the page carries; ``lines``: method -> its number there."""
        return {
            "m": lines[self.method],
            "name": self.name,
            "seed": self.seed,
            "legend": self.legend,
            "epochs": self.epochs,
            "images": self.images,
            "of": self.of,
            "shape": self.shape,
            "columns": self.columns,
            "marks": self.marks,
            "taken": self.taken,
            "picture": data_uri(self.picture, "image/png"),
        }


def films(summary: Summary, gallery: Gallery) -> list[Film]:
    """All films of a run, of the methods that tables list."""
    shot = [
        ((board.dataset, name, row.method), grids)
        for board in summary.boards
        for name, about in gallery.names(board.dataset).items()
        for row in (summary.listed(board).rows if about.kind == "images" else ())
        if (grids := [g for g in gallery.grids(board.dataset, row.method, name) if len(g.pixels)])
    ]
    cut: list[Film] = []
    for most in MOST_FRAMES:
        cut = [_film(place, _thinned(grids, most), len(grids)) for place, grids in shot]
        if sum(len(film.picture) for film in cut) * 4 / 3 <= MOST_BYTES:
            return cut
    return list(_until_full(cut))


def _until_full(cut: Iterable[Film]) -> Iterator[Film]:
    """The first of them that fit."""
    size = 0.0
    for film in cut:
        size += len(film.picture) * 4 / 3
        if size <= MOST_BYTES:
            yield film


def _thinned(grids: Sequence[Grid], most: int) -> list[Grid]:
    """So many of them at most, evenly, with the first and the last; of one the last."""
    if len(grids) <= most:
        return list(grids)
    if most == 1:
        return [grids[-1]]
    return [grids[round(i * (len(grids) - 1) / (most - 1))] for i in range(most)]


def _film(place: tuple[str, str, str], grids: Sequence[Grid], taken: int) -> Film:
    dataset, name, method = place
    last, shown = grids[-1], min(MOST_IMAGES, *(len(grid.pixels) for grid in grids))
    height, width = last.pixels.shape[1:]
    columns = ceil(sqrt(shown * height / width))
    return Film(
        dataset=dataset,
        name=name,
        method=method,
        seed=last.seed,
        legend=last.legend,
        epochs=tuple(grid.epoch for grid in grids),
        images=shown,
        of=len(last.pixels),
        shape=(height, width),
        columns=columns,
        marks=tuple(None if g.marks is None else g.marks[:shown].tolist() for g in grids),
        picture=_png(np.concatenate([_frame(grid.pixels[:shown], columns) for grid in grids])),
        taken=taken,
    )


def _frame(pixels: NDArray[np.float64], columns: int) -> NDArray[np.float64]:
    """(N, height, width) images as a grid, row by row; what is left over is black."""
    n, height, width = pixels.shape
    rows = ceil(n / columns)
    whole = np.full((rows * columns, height, width), -1.0)
    whole[:n] = pixels.clip(-1, 1)
    by_row = whole.reshape(rows, columns, height, width).swapaxes(1, 2)
    return by_row.reshape(rows * height, columns * width)


def _png(pixels: NDArray[np.float64]) -> bytes:
    """[-1, 1] in grey; one bit per pixel where all are black or white."""
    from PIL import Image

    share = (pixels + 1) / 2
    steps = 1 if np.isin(share, (0.0, 1.0)).all() else GREYS - 1
    grey = Image.fromarray((np.round(share * steps) * (255 / steps)).astype(np.uint8))
    file = io.BytesIO()
    (grey.convert("1") if steps == 1 else grey).save(file, "png", optimize=True)
    return file.getvalue()
