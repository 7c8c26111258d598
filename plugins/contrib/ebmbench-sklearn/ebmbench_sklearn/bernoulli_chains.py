"""The chains of scikit-learn's BernoulliRBM."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray
from sklearn.neural_network import BernoulliRBM

from ebmbench.interfaces.library_chains import LibraryChains, SingleReplica, to_spins, to_zero_one

Floats = NDArray[np.float64]


class BernoulliChains(LibraryChains):
    """<dF>_model over chains that scikit-learn's ``BernoulliRBM.gibbs`` moves.

    A step is the one of its ``partial_fit``, stochastic maximum likelihood (Tieleman 2008): float64
    products, ``expit`` and ``RandomState.uniform``, on units of 0 and 1. With ``chains`` and k = 1
    this is that method, but that all steps are taken by the suite's optimiser.
    """

    name = "sklearn"
    version = f"1, scikit-learn {version('scikit-learn')}"

    def swept(self, model: SingleReplica, v: Floats, seed: int) -> Floats:
        rbm, n = fitted(model.zero_one(), seed), to_zero_one(v)
        for _ in range(self.options.k):
            n = rbm.gibbs(n).astype(float)
        return to_spins(n)


def fitted(model: SingleReplica, seed: int) -> BernoulliRBM:
    """A BernoulliRBM of these parameters, of units 0 and 1, as ``fit`` would leave one."""
    W, a, b = (part.copy() for part in model)  # it learns in place
    rbm = BernoulliRBM(n_components=len(b))
    rbm.components_, rbm.intercept_visible_, rbm.intercept_hidden_ = W.T, a, b
    rbm.random_state_ = np.random.RandomState([seed % 2**32, seed >> 32])
    return rbm
