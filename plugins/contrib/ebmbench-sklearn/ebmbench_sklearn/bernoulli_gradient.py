"""The updates of scikit-learn's BernoulliRBM."""

from __future__ import annotations

from importlib.metadata import version
from typing import ClassVar, cast

import numpy as np

from ebmbench import Cost, Model, TwoLayer, product_cost
from ebmbench.interfaces.library_chains import Floats, LibraryGradient, SingleReplica
from ebmbench_sklearn.bernoulli_chains import fitted


class BernoulliGradient(LibraryGradient):
    """What ``partial_fit`` of scikit-learn's ``BernoulliRBM`` goes along: PCD of units 0 and 1.

    The library's: one Gibbs step per update of as many persistent chains as the first batch has
    rows, kept as hidden units, all 0 at first; both phases, in float64; units of 0 and 1, in whose
    parameters it goes. Ours: the optimiser, batches, and the parameters at the start. With
    ``{name: sgd, lr: 0.1}`` an update is its own with its ``learning_rate`` of 0.1. A smaller batch
    is divided by its rows, and so are the sums over all the chains: leave it out. Tieleman 2008.
    """

    name = "sklearn-gradient"
    version = f"1, scikit-learn {version('scikit-learn')}"
    zero_one = True
    known_failures: ClassVar[dict[str, str]] = {
        **LibraryGradient.known_failures,
        "forgets-the-data": "steps of units 0 and 1 weigh both phases otherwise than spins do",
    }

    def gradient(
        self, model: SingleReplica, rows: Floats, state: Floats | None, seed: int
    ) -> tuple[SingleReplica, Floats | None]:
        rbm = fitted(model, seed)
        rbm.learning_rate = 1.0
        rbm.h_samples_ = np.zeros((len(rows), len(model.b))) if state is None else state
        rbm.partial_fit(rows)
        after = rbm.components_.T, rbm.intercept_visible_, rbm.intercept_hidden_
        G = SingleReplica(*(old - new for old, new in zip(model, after, strict=True)))
        return G, rbm.h_samples_

    def cost(self, model: Model, batch: int) -> Cost:
        """A step of the chains, hidden means of both, and their products."""
        V, H = model.visible, cast(TwoLayer, model).hidden
        there, back = product_cost(batch, V, H), product_cost(batch, H, V)
        moments = product_cost(V, batch, H)
        draws = Cost(randoms=batch * (V + H), bytes=4 * batch * (V + H))
        return back + draws + 2 * (there + moments) + model.phase_cost(batch)
