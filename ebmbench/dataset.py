"""The datasets family: what is learned, and what is held out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

from torch import Tensor

from ebmbench.component import Component
from ebmbench.noise import Noise


class Splits(NamedTuple):
    """A dataset, split, for R replicas.

    Attributes:
        train: (R, N, V) spins.
        test: (R, M, V) spins.
        image: (height, width) of an image, height * width == V.
        keep: (V,) bool, the pixels that a reconstruction is given.
        train_labels: (R, N) int64, or None.
        test_labels: (R, M) int64, or None.
    """

    train: Tensor
    test: Tensor
    image: tuple[int, int]
    keep: Tensor
    train_labels: Tensor | None = None
    test_labels: Tensor | None = None

    @property
    def visible(self) -> int:
        """V, the number of visible units."""
        return self.train.shape[-1]

    def first_replica(self) -> Splits:
        """The same for R = 1."""
        labels = (None if y is None else y[:1] for y in (self.train_labels, self.test_labels))
        return Splits(self.train[:1], self.test[:1], self.image, self.keep, *labels)


class Dataset(Component, ABC):
    """Interface: rows of spins, the same for all methods at a given seed."""

    @abstractmethod
    def load(self, noise: Noise) -> Splits:
        """The splits of all R replicas. Rows that all share should be expanded, not copied."""
