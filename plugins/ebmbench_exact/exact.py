"""The exact negative phase of models that are small enough to enumerate."""

from __future__ import annotations

from typing import cast

import torch

from ebmbench import (
    Cost,
    Model,
    NegativePhase,
    Noise,
    Particles,
    Phase,
    Sampler,
    Splits,
    State,
    TwoLayer,
)
from ebmbench_exact.enumeration import Enumeration, enumerate_states, not_enumerable


class Exact(Sampler):
    """<dF>_model = sum_v p(v) dF(v), over all states of the smaller layer.

    With x = v W + b, dF/dW = -v tanh(x)', dF/da = -v and dF/db = -tanh(x); their expectations come
    from one streaming pass (see ``half_split``) and are carried on to the parameters by autograd,
    so a model may make its W of anything. It draws nothing and has no particles.

    Source: Pozas-Kerstjens et al. 2021, appendix A, whose A7 lacks the minus sign of dF/dW.
    """

    name = "exact"

    def supports(self, model: Model, data: Splits) -> str | None:
        return not_enumerable(model)

    def negative_phase(
        self, model: Model, batch: Particles, state: State, noise: Noise
    ) -> NegativePhase:
        return NegativePhase(exact_phase(model, enumerate_states(model)), state, None)

    def cost(self, model: Model, batch: int) -> Cost:
        """What the half-split does, whatever the batch; exp and tanh are not counted.

        A state and a unit of the larger layer take 3 multiply-adds: one for the field and two for
        the sums. Per state, a row of the second half's table is read (8 bytes a unit) and its sum
        read and written (4 each); the first half's stay in the cache. Building the tables and
        gathering the moments is small, below 1% at V=16, and not counted.
        """
        smaller, larger = sorted((model.visible, cast(TwoLayer, model).hidden))
        with torch.no_grad():
            _, a, b = cast(TwoLayer, model).couplings()
        pairs = 2.0 ** (smaller - (a is None and b is None)) * larger
        return Cost(macs=3 * pairs, bytes=16 * pairs)


def exact_phase(model: Model, moments: Enumeration) -> Phase:
    """<dF>_model, one tensor per parameter, given the moments at the model's parameters."""
    with torch.enable_grad():
        W, a, b = cast(TwoLayer, model).couplings()
        terms = [(W, moments.vh), (a, moments.v), (b, moments.h)]
        present = [(coupling, -moment) for coupling, moment in terms if coupling is not None]
        couplings, slopes = zip(*present, strict=True)
        parameters = tuple(model.parameters())
        return torch.autograd.grad(couplings, parameters, slopes, materialize_grads=True)
