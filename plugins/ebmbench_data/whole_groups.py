"""Splits that keep whole groups of things on one side."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ebmbench_data.split import held_out_of

Sizes = NDArray[np.int64]


class WholeGroups(NamedTuple):
    """G groups of things, split for R replicas, or once for all: S is R or 1.

    Attributes:
        sizes: (G,), the things in each.
        train: (S, G) bool, the groups that are trained on.
        test: (S, G) bool, those that are held out.
    """

    sizes: Sizes
    train: NDArray[np.bool_]
    test: NDArray[np.bool_]

    @property
    def sides(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Of train and test."""
        return self.train, self.test

    @classmethod
    def of(cls, sizes: Sizes, orders: NDArray[np.int64], most: int) -> WholeGroups:
        """Held out are groups in these orders (S, G), as long as they are ``most`` things."""
        test = np.stack([first_that_fit(sizes, order, most) for order in orders])
        return cls(sizes, ~test, test)

    def cut(self, share: float, order: NDArray[np.int64]) -> WholeGroups:
        """Of the groups that are trained on, some in place of those that were held out.

        Each replica goes through its own groups in this order (G,), the same for all, and takes
        them as long as they are a ``share`` of the things in them; where none is, the smallest.

        Raises:
            ValueError: a replica trains on one group only.
        """
        test = np.stack([_share_of(self.sizes, order[mine[order]], share) for mine in self.train])
        return self._replace(train=self.train & ~test, test=test)


def first_that_fit(sizes: Sizes, order: NDArray[np.int64], most: int) -> NDArray[np.bool_]:
    """Which groups are taken, in this order, where each is left that would make it too many."""
    taken, total = np.zeros(len(sizes), bool), 0
    for group in order:
        if total + sizes[group] <= most:
            taken[group] = True
            total += sizes[group]
    return taken


def _share_of(sizes: Sizes, order: NDArray[np.int64], share: float) -> NDArray[np.bool_]:
    if len(order) < 2:
        raise ValueError("of a single group none can be held out")
    taken = first_that_fit(sizes, order, held_out_of(int(sizes[order].sum()), share))
    if not taken.any():
        taken[order[sizes[order].argmin()]] = True
    return taken
