"""Contrastive divergence."""

from __future__ import annotations

from pydantic import Field
from torch import Tensor

from ebmbench import Chains, Cost, Model, Noise, Particles, Splits, State
from ebmbench.interfaces.penalised_chains import ChainSampler
from ebmbench.numerics import Moments, WholeUpdate


class CD(ChainSampler):
    """<dF>_model over chains that start at the batch and take k block-Gibbs steps.

    Contrastive divergence, CD-k (Hinton 2002). The last hidden units are summed out; where they
    couple to one another, they are drawn given the data first and taken as the chains end.
    """

    name = "cd"
    cites = ("hinton2002", "acp: jelincic2025")
    any_units = True

    class Options(ChainSampler.Options):
        k: int = Field(1, ge=1, le=1_000_000, description="Gibbs steps per update")

    @property
    def replayable(self) -> bool:
        return self.sweeper.replayable

    def start(self, model: Model, data: Splits, noise: Noise) -> State:
        return self.accounted(None, data)

    def began(self, batch: Particles, state: State) -> Tensor:
        return batch.v

    def whole_update(self, model: Model, moments: Moments) -> WholeUpdate | None:
        if type(self) is not CD or CD.particles is not OWN_PARTICLES:  # others may differ
            return None
        if self.penalises:
            return None
        return self.sweeper.whole_update(model, self.options.k, None, moments)

    def particles(
        self, model: Model, batch: Particles, state: State, noise: Noise
    ) -> tuple[Particles, State]:
        start = Chains(batch.v)
        v, h = self.sweeper.run_chains(model, start, self.options.k, 1.0, noise)
        return Particles(v, h, batch.log_weight), state

    def cost(self, model: Model, batch: int) -> Cost:
        sweeps = self.sweeper.sweep_cost(model, batch, self.options.k)
        phase = self.sweeper.phase_cost(model, batch)
        return sweeps + phase + self.penalty_cost(model, batch)


OWN_PARTICLES = CD.particles
