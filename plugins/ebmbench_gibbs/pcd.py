"""Persistent contrastive divergence."""

from __future__ import annotations

from pydantic import Field
from torch import Tensor

from ebmbench import Chains, Cost, Model, Noise, Particles, Splits, State
from ebmbench.interfaces.penalised_chains import ChainSampler
from ebmbench.numerics import Moments, WholeUpdate


class PCD(ChainSampler):
    """<dF>_model over chains that start at random once and take k Gibbs steps per update.

    Persistent contrastive divergence, PCD-k (Younes 1989; Tieleman 2008). The last hidden units
    are summed out; where they couple to one another, chains are (v, h) and taken as they end.
    """

    name = "pcd"
    cites = ("younes1989", "tieleman2008", "acp: jelincic2025")
    any_units = True

    class Options(ChainSampler.Options):
        k: int = Field(1, ge=1, le=1_000_000, description="Gibbs steps per update")
        chains: int = Field(128, ge=1, le=100_000, description="Persistent chains")

    @property
    def replayable(self) -> bool:
        return self.sweeper.replayable

    def start(self, model: Model, data: Splits, noise: Noise) -> State:
        chains = Chains(model.units.random(self.options.chains, model.visible, noise))
        return self.accounted(chains, data)

    def began(self, batch: Particles, state: Chains) -> Tensor:
        return state.v

    def whole_update(self, model: Model, moments: Moments) -> WholeUpdate | None:
        if type(self) is not PCD or PCD.particles is not OWN_PARTICLES:  # others may differ
            return None
        if self.penalises:
            return None
        return self.sweeper.whole_update(model, self.options.k, self.options.chains, moments)

    def particles(
        self, model: Model, batch: Particles, state: Chains, noise: Noise
    ) -> tuple[Particles, Chains]:
        chains = self.sweeper.run_chains(model, state, self.options.k, 1.0, noise)
        return Particles(chains.v, chains.h), chains

    def cost(self, model: Model, batch: int) -> Cost:
        chains = self.options.chains
        sweeps = self.sweeper.sweep_cost(model, chains, self.options.k)
        phase = self.sweeper.phase_cost(model, chains)
        return sweeps + phase + self.penalty_cost(model, chains)


OWN_PARTICLES = PCD.particles
