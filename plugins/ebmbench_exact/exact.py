"""The exact negative phase of models that are small enough to enumerate."""

from __future__ import annotations

from typing import cast

import torch

from ebmbench import (
    Cost,
    Couplings,
    Model,
    NegativePhase,
    Noise,
    Particles,
    Phase,
    Sampler,
    Splits,
    State,
    TwoLayer,
    View,
    forming_cost,
)
from ebmbench.numerics import phase_of_slopes
from ebmbench_exact.enumeration import Enumeration, enumerator, not_enumerable


class Exact(Sampler):
    """<dF>_model = sum_v p(v) dF(v), over all states of the smaller layer.

    With x = v W + b, dF/dW = -v tanh(x)', dF/da = -v and dF/db = -tanh(x); their expectations come
    from two passes over all states (see ``half_split``) and are carried on to the parameters by
    autograd, so a model may make its W of anything. It draws nothing and has no particles.

    Source: Pozas-Kerstjens et al. 2021, appendix A, whose A7 lacks the minus sign of dF/dW.
    """

    name = "exact"
    cites = ("pozaskerstjens2021",)
    shows_particles = False

    def supports(self, model: Model, data: Splits) -> str | None:
        return not_enumerable(model)

    def negative_phase(
        self, model: Model, batch: Particles, state: State, noise: Noise
    ) -> NegativePhase:
        return NegativePhase(
            exact_phase(model, enumerator(self.sweeper.kernel)(model)), state, None
        )

    def cost(self, model: Model, batch: int) -> Cost:
        """What the half-split does, whatever the batch; divisions are not counted.

        A state and a unit of the larger layer take 5 multiply-adds: 1 + q and the product for the
        log-weight, then 1 + q again and the two sums. Each pass reads the columns' table (4 bytes),
        the second also reads and writes their sums (4 each); the rows' stay in the cache. Building
        the tables and gathering the moments is small, a few per cent at V=16, and not counted.
        Weights made of patterns are formed twice, and two such products carry the moments on.
        Couplings and moments are held in float64. A weight per state and the tables are held too,
        but by a thread, for the replica that it is at.
        """
        smaller, larger = sorted((model.visible, cast(TwoLayer, model).hidden))
        with torch.no_grad():
            _, a, b = cast(TwoLayer, model).couplings()
        states = 2.0 ** (smaller - (a is None and b is None))
        pairs = states * larger
        held = 16 * (smaller + 1) * (larger + 1)
        return Cost(macs=5 * pairs, bytes=16 * pairs, held=held) + 4 * forming_cost(model)


def shared_negative(view: View) -> NegativePhase:
    """``view.negative()``; for the exact sampler from the moment's one enumeration."""
    if isinstance(view.sampler, Exact):
        phase = exact_phase(view.model, view.once(enumerator(view.kernel)))
        return NegativePhase(phase, view.state, None)
    return view.negative()


def exact_phase(model: Model, moments: Enumeration) -> Phase:
    """<dF>_model, one tensor per parameter, given the moments at the model's parameters."""
    return phase_of_slopes(model, Couplings(-moments.vh, -moments.v, -moments.h))
