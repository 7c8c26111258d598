"""TAP: a negative phase from magnetisations in place of chains."""

from __future__ import annotations

from typing import ClassVar, Literal, cast

import torch
from pydantic import Field

from ebmbench import (
    Cost,
    Model,
    NegativePhase,
    Noise,
    Particles,
    Sampler,
    Splits,
    TwoLayer,
    forming_cost,
    not_two_layers,
    product_cost,
)
from ebmbench.numerics import mean_spin, phase_of_slopes
from ebmbench_tap.magnetisations import Expansion, Magnetisations

NOISE = 0.01  # standard deviation of the magnetisations that start at random


class TAP(Sampler):
    """dG/dtheta at persistent magnetisations m, n that nearly solve the TAP equations dG = 0.

    G is the free energy at given magnetisations, expanded to second order in the couplings: -G is
    nearly log Z, its slope nearly <dF>_model, and there are no random numbers,

        dG/dW = -(m n' + W (1 - m^2)(1 - n^2)'),   dG/da = -m,   dG/db = -n,

    the mean over ``chains`` solutions. At each update some rounds of the equations lead from the
    solutions of the last one towards those of the model. Good while couplings are weak; where they
    are strong it may not converge, and then training diverges: the metric tap-convergence tells.

    Source: Gabrie, Tramel and Krzakala 2015; Tramel et al. 2018. ``order: 1`` is the naive mean
    field (Peterson and Anderson 1987).
    """

    name = "tap"
    cites = ("gabrie2015", "tramel2018", "peterson1987")
    shows_particles = False
    known_failures: ClassVar[dict[str, str]] = dict.fromkeys(
        ("no-drift", "biases", "forgets-the-data"), "exact only as the couplings vanish"
    )

    class Options(Sampler.Options):
        iterations: int = Field(3, ge=1, le=1000, description="Rounds of the equations per update")
        damping: float = Field(
            0.5, ge=0, lt=1, description="Share of old magnetisations that is kept in a round"
        )
        order: Literal[1, 2] = Field(
            2, description="Of the expansion: 1 is the naive mean field, 2 the TAP equations"
        )
        chains: int = Field(
            100, ge=1, le=100_000, description="Solutions that go on from update to update"
        )
        start: Literal["data", "random"] = Field(
            "data", description="Where they start: at training rows, or near 0"
        )

    def supports(self, model: Model, data: Splits) -> str | None:
        return not_two_layers(model)

    @torch.no_grad()
    def start(self, model: Model, data: Splits, noise: Noise) -> Magnetisations:
        chains = self.options.chains
        if self.options.start == "random":
            m = NOISE * noise.normal(chains, model.visible)
        else:
            rows = torch.arange(chains, device=data.train.device) % data.train.shape[1]
            m = data.train[:, rows]
        return Magnetisations(m, mean_spin(cast(TwoLayer, model).hidden_field(m)))

    @torch.no_grad()
    def negative_phase(
        self, model: Model, batch: Particles, state: Magnetisations, noise: Noise
    ) -> NegativePhase:
        o = self.options
        expansion = Expansion.of(cast(TwoLayer, model).couplings(), o.order)
        now = expansion.iterated(state, o.iterations, o.damping)
        return NegativePhase(phase_of_slopes(model, expansion.slopes(now)), now, None)

    def cost(self, model: Model, batch: int) -> Cost:
        """Two products per round, and one for the slope; twice as many with the squares."""
        o, V, H = self.options, model.visible, cast(TwoLayer, model).hidden
        rounds: Cost = o.iterations * (product_cost(o.chains, H, V) + product_cost(o.chains, V, H))
        squares = Cost(macs=V * H, bytes=4.0 * 4 * V * H)
        once = rounds + product_cost(V, o.chains, H)
        return int(o.order) * once + squares + 2 * forming_cost(model)
