"""Rows of a family of sequences, drawn by weight."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ebmbench import DataError, Noise, Splits
from ebmbench.numerics import OneHot
from ebmbench_data.by_weight import drawn_by_weight
from ebmbench_data.family import Family
from ebmbench_data.image_shape import kept
from ebmbench_data.whole_groups import WholeGroups


@dataclass(frozen=True)
class FamilyRows:
    """Rows of sequences, each as often as its weight says, for R replicas.

    Attributes:
        family: the sequences.
        groups: which are trained on, and which are held out.
        units: what a row is.
        replicas: R.
    """

    family: Family
    groups: WholeGroups
    units: OneHot
    replicas: int

    def splits(self, train: int, test: int, noise: Noise) -> Splits:
        """So many rows to train and to test on; others to train on are drawn for each epoch.

        Args:
            train: how many.
            test: how many.
            noise: of R streams, or of one for all.
        """
        of_train, of_test = (self._weight(side, noise) for side in self.groups.sides)
        shape = (self.family.states.shape[1], self.units.q)
        return Splits(
            train=self._rows(of_train, train, noise).expand(self.replicas, -1, -1),
            test=self._rows(of_test, test, noise).expand(self.replicas, -1, -1),
            image=shape,
            keep=kept("top-half", shape, noise.device),
            redraw=lambda streams: self._rows(of_train[: streams.replicas], train, streams),
            units=self.units,
            cut=lambda share, once: self.cut(share, train, once),
        )

    def cut(self, share: float, rows: int, noise: Noise) -> Splits:
        """Some groups that are trained on in place of the test groups, and their share of the rows.

        Args:
            share: of the sequences that are trained on, and of the rows.
            rows: that were drawn to train on.
            noise: of one stream.

        Raises:
            DataError: a replica trains on one group only.
        """
        order = noise.permutation(len(self.groups.sizes))[0].cpu().numpy()
        try:
            cut = replace(self, groups=self.groups.cut(share, order))
        except ValueError as error:
            problem = (
                "a replica trains on a single group of sequences that are linked by pairs so alike;"
                " none of it can be held out to validate with"
            )
            remedy = "Raise 'identity', lower 'held_out', or add sequences."
            raise DataError("sequences", problem, remedy) from error
        held_out = max(1, round(share * rows))
        return cut.splits(max(1, rows - held_out), held_out, noise)

    def _rows(self, weight: Tensor, count: int, noise: Noise) -> Tensor:
        """(R, count, V), or (1, count, V) where both weights and noise are one for all."""
        states = torch.from_numpy(self.family.states).to(noise.device)
        return self.units.columns(states[drawn_by_weight(weight, count, noise)].long())

    def _weight(self, side: NDArray[np.bool_], noise: Noise) -> Tensor:
        """Of a side's sequences, 0 for the others, (R, N), or (1, N) where all replicas share."""
        weight = self.family.weight * side[:, self.family.group]
        return torch.from_numpy(weight).to(noise.device)
