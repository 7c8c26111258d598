"""Pseudo-likelihood, minimum probability flow and ratio matching: one way to go, three costs."""

from __future__ import annotations

from typing import ClassVar, cast

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import (
    Cost,
    Couplings,
    Model,
    NegativePhase,
    Noise,
    Particles,
    Sampler,
    Splits,
    State,
    TwoLayer,
    forming_cost,
    not_two_layers,
    product_cost,
)
from ebmbench.numerics import phase_of_slopes
from ebmbench_flip.objectives import MPF as MPF_CODE
from ebmbench_flip.objectives import OBJECTIVES, PL, RATIO, Objective
from ebmbench_flip.slopes import slopes_of

PER_FIELD = 26  # multiply-adds of a turned field: 2 of itself, and two times exp, ratio and sum


class Flip(Sampler):
    """J = <sum_i phi(d_i)>_data with d_i = F(v with v_i turned) - F(v), in place of -log p.

    No partition function, no chain and no random number. The negative phase is <dF>_data - dJ, so
    that an update goes along dJ; where the data are the model's own law it is <dF>_model.

    An update looks at all N V neighbours of its rows and costs N V H exponentials, V times as many
    as a step of CD-1: with many visible units let it turn a few ``sites`` per update, drawn anew.
    """

    objective: ClassVar[Objective]
    shows_particles = False

    class Options(Sampler.Options):
        sites: int | None = Field(
            None,
            ge=1,
            le=100_000,
            description="Units that are turned per update, drawn anew; all if left out. The slope "
            "is scaled up by V / sites, and right on average",
        )

    @property
    def clip(self) -> float:
        """The largest size of a rise that is taken as it is, in nats."""
        return 700.0

    def supports(self, model: Model, data: Splits) -> str | None:
        return not_two_layers(model)

    def negative_phase(
        self, model: Model, batch: Particles, state: State, noise: Noise
    ) -> NegativePhase:
        two_layers = cast(TwoLayer, model)
        sites, share = self._sites(model, batch, noise)
        with torch.no_grad():
            couplings, x = two_layers.couplings(), two_layers.hidden_field(batch.v)
            found = slopes_of(self.objective, self.clip, couplings, x, batch, sites)
        slope = phase_of_slopes(model, Couplings(*(each / share for each in found)))
        phase = tuple(d - j for d, j in zip(model.phase(batch), slope, strict=True))
        return NegativePhase(phase, state, None)

    def cost(self, model: Model, batch: int) -> Cost:
        """A row's fields, then those of each of its neighbours twice, and two phases.

        A turned field takes its difference, exp(-2|x|), which is a polynomial of degree 7, a
        factor of the product, the ratio that is tanh, and its part of a sum; the second pass over
        the same neighbours all of that but the product.
        """
        V, H = model.visible, cast(TwoLayer, model).hidden
        sites = min(self.options.sites or V, V)
        fields = product_cost(batch, V, H)
        turned = Cost(
            macs=PER_FIELD * batch * sites * H,
            randoms=V if sites < V else 0,
            bytes=4.0 * (4 * batch * H + 3 * V * H + 2 * batch * V),
        )
        return (
            fields
            + turned
            + product_cost(V, batch, H)
            + model.phase_cost(batch)
            + 2 * (forming_cost(model))
        )

    def _sites(self, model: Model, batch: Particles, noise: Noise) -> tuple[Tensor, float]:
        """The units that are turned, (R, M) in ascending order, and their share of all."""
        R, V = model.replicas, model.visible
        count = self.options.sites
        if count is None or count >= V:
            return torch.arange(V, device=batch.v.device).expand(R, -1), 1.0
        drawn = noise.uniform(1, V)[:, 0].argsort(dim=1, stable=True)[:, :count]
        return drawn.sort(1).values, count / V


class PseudoLikelihoodGradient(Flip):
    """J = -<sum_i log p(v_i | v_-i)>_data, the pseudo-likelihood: phi = log(1 + exp(-d)).

    Source: Besag 1975; for RBMs Marlin, Swersky, Chen and de Freitas 2010.
    """

    name = "pl"
    cites = ("besag1975", "marlin2010")
    objective = OBJECTIVES[PL]


class MPF(Flip):
    """J = <sum_i exp(-d_i / 2)>_data, minimum probability flow out of the data to neighbours.

    All neighbours of a row count, those too that are rows themselves.

    Source: Sohl-Dickstein, Battaglino and DeWeese 2011.
    """

    name = "mpf"
    cites = ("sohldickstein2011",)
    objective = OBJECTIVES[MPF_CODE]

    class Options(Flip.Options):
        clip: float = Field(
            20.0, gt=0, le=80, description="Largest size of a rise that is taken as it is, in nats"
        )

    @property
    def clip(self) -> float:
        return float(self.options.clip)


class RatioMatching(Flip):
    """J = <sum_i sigmoid(-d_i)^2>_data, ratio matching.

    Source: Hyvarinen 2007.
    """

    name = "ratio"
    cites = ("hyvarinen2007",)
    objective = OBJECTIVES[RATIO]
