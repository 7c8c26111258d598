"""The datasets family: what is learned, and what is held out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from torch import Tensor

from ebmbench.interfaces.component import Component
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.units.spins import SPINS
from ebmbench.numerics.units.units import Units


class Splits(NamedTuple):
    """A dataset, split, for R replicas.

    Attributes:
        train: (R, N, V) spins, or what ``units`` says.
        test: (R, M, V) of the same.
        image: (height, width) of an image, height * width == V.
        keep: (V,) bool, the pixels that a reconstruction is given.
        train_labels: (R, N) int64, or None.
        test_labels: (R, M) int64, or None.
        redraw: draws the training rows of the next epoch, (R, N, V), for the R replicas of the
            noise that it is given, each row in the place of the one that it is another draw of,
            unless there is a ``cut``; None where the rows stay the same. Metrics look at ``train``,
            the rows that were drawn first.
        units: what the numbers of a row are; spins, unless a dataset says otherwise.
        cut: cuts a share of what is trained on out by itself, for rows that have no place of their
            own or that belong together; None where rows keep their places. It is asked as
            ``hold_out`` is, and answers for all R replicas; a share, a replica's split and the
            noise say all, so that a replica has the same alone and among others.
    """

    train: Tensor
    test: Tensor
    image: tuple[int, int]
    keep: Tensor
    train_labels: Tensor | None = None
    test_labels: Tensor | None = None
    redraw: Callable[[Noise], Tensor] | None = None
    units: Units = SPINS
    cut: Callable[[float, Noise], Splits] | None = None

    @property
    def visible(self) -> int:
        """V, the number of visible units."""
        return self.train.shape[-1]

    def first_replica(self) -> Splits:
        """The same for R = 1."""
        cut = self.cut
        return self._replace(
            train=self.train[:1],
            test=self.test[:1],
            train_labels=None if self.train_labels is None else self.train_labels[:1],
            test_labels=None if self.test_labels is None else self.test_labels[:1],
            cut=None if cut is None else lambda share, noise: cut(share, noise).first_replica(),
        )

    def hold_out(self, share: float, noise: Noise) -> Splits:
        """Of the training rows a share in place of the test rows, the others to train on.

        Args:
            share: above 0 and below 1; at least one row is on either side.
            noise: of one stream: which rows are held out is the same for all replicas; where each
                has other rows and cuts them by itself, they follow from the same draws.

        Raises:
            ValueError: there is only one row.
            DataError: there is too little for the data's own ``cut``.
        """
        if self.cut is not None:
            return self.cut(share, noise)
        rows = self.train.shape[1]
        if rows < 2:
            raise ValueError("of a single training row none can be held out")
        kept = min(max(1, rows - round(share * rows)), rows - 1)
        order = noise.permutation(rows)[0]
        mine, others = order[:kept], order[kept:]
        labels, redraw = self.train_labels, self.redraw
        return self._replace(
            train=_rows(self.train, mine),
            test=_rows(self.train, others),
            train_labels=None if labels is None else _rows(labels, mine),
            test_labels=None if labels is None else _rows(labels, others),
            redraw=None if redraw is None else lambda fresh: redraw(fresh)[:, mine],
        )

    def rows_of_epoch(self, noise: Noise) -> Tensor:
        """(R, N, V), the rows to train on in the next epoch."""
        return self.train if self.redraw is None else self.redraw(noise)


def _rows(of: Tensor, which: Tensor) -> Tensor:
    """Some rows of all replicas; what they share is copied once."""
    shared = of.stride(0) == 0
    return of[:1, which].expand(len(of), *[-1] * (of.ndim - 1)) if shared else of[:, which]


class Dataset(Component, ABC):
    """Interface: rows of spins, the same for all methods at a given seed.

    Or rows of other units, where ``Splits.units`` says so (:class:`ebmbench.numerics.OneHot`, real
    numbers): they go with models of the same units.

    ``shared_rows`` is the largest share of the test rows, in the examples that it is checked with,
    that stand among the training rows too, as they are or with all spins turned (the same to a
    model without biases). Above 0 wants a reason, in a comment: rows that are few, or that repeat.
    """

    shared_rows: ClassVar[float] = 0.0

    @abstractmethod
    def load(self, noise: Noise) -> Splits:
        """The splits of all R replicas. Rows that all share should be expanded, not copied.

        Raises:
            DataError: a file is missing or wrong.
        """

    def notes(self) -> Sequence[str]:
        """What a user should know of the data: whole sentences, asked for once, with a plan."""
        return ()
