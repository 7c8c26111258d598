"""Free energies of the data, and what probability they would have together."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from ebmbench import Splits
from ebmbench_likelihood.mass import first_of_kind, log_mass
from ebmbench_likelihood.mean_free_energy import free_energies
from ebmbench_likelihood.path import Path


class FreeEnergies(NamedTuple):
    """At one temperature per replica, float64.

    Attributes:
        train, test: F of each row, (R, N).
        log_mass: log of the sum of exp(-F) over the distinct rows of both, (R,).
    """

    train: Tensor
    test: Tensor
    log_mass: Tensor


class Rows(NamedTuple):
    """The data, and which of its rows are distinct.

    Attributes:
        train, test: (R, N, V).
        new: which rows of train, then test, are not among those before them, (R, N) bool; up to a
            sign where the model does not tell v from -v.
    """

    train: Tensor
    test: Tensor
    new: Tensor

    @classmethod
    def of(cls, data: Splits, path: Path) -> Rows:
        """Of both splits, for the model at the end of ``path``."""
        v = torch.cat([data.train, data.test], 1)
        return cls(data.train, data.test, first_of_kind(v, path.has_mirror))

    def free_energies(self, path: Path, beta: Tensor) -> FreeEnergies:
        """F at each replica's ``beta`` (R, 1)."""
        train, test = (free_energies(path, v, beta)[:, 0] for v in (self.train, self.test))
        mass = log_mass(torch.cat([train, test], 1), self.new, path.has_mirror)
        return FreeEnergies(train, test, mass)
