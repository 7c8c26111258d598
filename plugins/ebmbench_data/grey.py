"""Grey images, before they are made spins."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


class Grey(NamedTuple):
    """N grey images of each of R replicas, or of all of them (then R = 1).

    Attributes:
        levels: (R, N, V) of any type, from 0 (a spin down) to ``white`` (a spin up).
        white: the level of a white pixel.
        labels: (R, N) int64, what each is an image of; None where nobody says.
    """

    levels: Tensor
    white: float
    labels: Tensor | None = None

    @property
    def images(self) -> int:
        """N, the number of images."""
        return self.levels.shape[1]

    def shared_by(self, replicas: int) -> Grey:
        """The same for so many replicas: expanded where all share, else the first ones."""
        labels = None if self.labels is None else _shared(self.labels, replicas)
        return Grey(_shared(self.levels, replicas), self.white, labels)

    def reordered(self, order: Tensor) -> Grey:
        """Images that all share, in each replica's ``order`` (R, n), (R, n, V)."""
        labels = None if self.labels is None else self.labels[0][order]
        return Grey(self.levels[0][order], self.white, labels)

    def on(self, device: torch.device) -> Grey:
        """The same on a device."""
        labels = None if self.labels is None else self.labels.to(device)
        return Grey(self.levels.to(device), self.white, labels)

    def part(self, rows: slice | Tensor) -> Grey:
        """Some of the images: a slice, or a mask (N,)."""
        labels = None if self.labels is None else self.labels[:, rows]
        return Grey(self.levels[:, rows], self.white, labels)


def _shared(t: Tensor, replicas: int) -> Tensor:
    return t.expand(replicas, *t.shape[1:]) if len(t) == 1 else t[:replicas]
