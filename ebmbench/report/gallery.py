"""The pictures that metrics left beside the records, read when they are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ebmbench.journal.documents import CellRecord, PictureAbout
from ebmbench.journal.pictures import key
from ebmbench.summary import Curve
from ebmbench.summary.statistics import interval

MOST_IMAGES = 100  # of a grid, drawn
Arrays = Callable[[str], Mapping[str, Tensor]]
"""A cell's id -> the arrays of its pictures, as ``Journal.pictures`` gives them."""


class Grid(NamedTuple):
    """A replica's images at an epoch.

    Attributes:
        pixels: (N, height, width) in [-1, 1].
        marks: (N,), each image's entry in ``legend``; None for none.
        legend: what the marks say.
        epoch, seed: where they were taken.
    """

    pixels: NDArray[np.float64]
    marks: NDArray[np.int64] | None
    legend: tuple[str, ...]
    epoch: int
    seed: int


class Gallery:
    """What can be shown of a run: images of a method's first seed, curves over all its seeds.

    Args:
        records: of the run's cells, in the order of their seeds.
        arrays: reads the arrays of a cell's pictures.
    """

    def __init__(self, records: Iterable[CellRecord] = (), arrays: Arrays = lambda id_: {}) -> None:
        self.records = [r for r in records if r.status == "done" and r.pictures]
        self.arrays = arrays

    def names(self, dataset: str) -> dict[str, PictureAbout]:
        """The pictures of a dataset: name -> what is stored of it once."""
        mine = (r.pictures for r in self.records if r.dataset == dataset)
        return {name: about for pictures in mine for name, about in pictures.items()}

    def grid(self, dataset: str, method: str, name: str) -> Grid | None:
        """The images of the first seed at the last epoch."""
        return next(iter(self.grids(dataset, method, name)[::-1]), None)

    def grids(self, dataset: str, method: str, name: str) -> list[Grid]:
        """The images of the first seed, epoch by epoch."""
        for record, about in self._recorded(dataset, method, name):
            arrays = self.arrays(record.id)
            taken = {epoch: _parts(arrays, name, epoch) for epoch in about.epochs}
            found = [_grid(parts, about, e, record.seed) for e, parts in taken.items() if parts]
            if found:
                return found
        return []

    def curve(self, dataset: str, method: str, name: str) -> Curve | None:
        """The curve at the last epoch, with intervals over seeds."""
        taken = [parts for _, _, parts in self._taken(dataset, method, name)]
        if not taken:
            return None
        x = taken[0]["x"].numpy()
        y = np.stack([p["y"].numpy() for p in taken if np.array_equal(p["x"].numpy(), x)], axis=1)
        return Curve(tuple(map(float, x)), tuple(map(interval, y)))

    def _taken(
        self, dataset: str, method: str, name: str
    ) -> Iterator[tuple[CellRecord, PictureAbout, dict[str, Tensor]]]:
        """Seed by seed: the record, what is said of the picture, and its last arrays by part."""
        for record, about in self._recorded(dataset, method, name):
            parts = _parts(self.arrays(record.id), name, about.epochs[-1])
            if parts:
                yield record, about, parts

    def _recorded(
        self, dataset: str, method: str, name: str
    ) -> Iterator[tuple[CellRecord, PictureAbout]]:
        """Seed by seed: the record, and what is said of the picture."""
        for record in self.records:
            about = record.pictures.get(name)
            if (record.dataset, record.method) == (dataset, method) and about:
                yield record, about


def _parts(arrays: Mapping[str, Tensor], name: str, epoch: int) -> dict[str, Tensor]:
    """The arrays of a picture taken at an epoch, by part."""
    lead = key(name, epoch) + "/"
    return {k.removeprefix(lead): array for k, array in arrays.items() if k.startswith(lead)}


def _grid(parts: Mapping[str, Tensor], about: PictureAbout, epoch: int, seed: int) -> Grid:
    pixels = parts["pixels"].numpy().astype(float) / 127
    marks = parts["marks"].numpy() if "marks" in parts else None
    return Grid(pixels, marks, about.legend, epoch, seed)
