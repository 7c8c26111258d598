"""The chains of the rbms library."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ebmbench.interfaces.library_chains import LibraryChains, SingleReplica, to_spins, to_zero_one

Floats = NDArray[np.float64]


class RbmsChains(LibraryChains):
    """<dF>_model over chains that ``sample_state`` of the rbms library moves.

    Its Bernoulli-Bernoulli RBM: float32 products, ``sigmoid`` and ``torch.bernoulli``, on units of
    0 and 1; the hidden units that it draws at the end are left aside. Its step size by normalised
    gradients, which is no part of sampling, is not used. Béreux, Decelle, Furtlehner, Rosset and
    Seoane 2023, 2025.
    """

    name = "rbms"
    version = f"1, rbms {version('rbms')}"

    def swept(self, model: SingleReplica, v: Floats, seed: int) -> Floats:
        # Imported here: it brings h5py and matplotlib, which `ebmbench list` need not wait for.
        from rbms.bernoulli_bernoulli.classes import BBRBM
        from rbms.sampling.gibbs import sample_state

        W, a, b = map(_float32, model.zero_one())
        n = _float32(to_zero_one(v))
        chains = {"visible": n, "weights": torch.ones(len(n))}
        with torch.random.fork_rng(devices=[]):  # it draws from torch's own generator
            torch.default_generator.manual_seed(seed)
            moved = sample_state(self.options.k, chains, BBRBM(W, a, b))
        return to_spins(moved["visible"].double().numpy())


def _float32(numbers: Floats) -> Tensor:
    return torch.from_numpy(numbers).float()
