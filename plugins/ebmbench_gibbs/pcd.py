"""Persistent contrastive divergence."""

from __future__ import annotations

from typing import NamedTuple

from pydantic import Field
from torch import Tensor

from ebmbench import Cost, Model, Noise, Particles, Sampler, Splits


class Chains(NamedTuple):
    """Where the persistent chains stand.

    Attributes:
        v: (R, chains, V).
        h: (R, chains, H) where the kernel's chains go on from it, or else None.
    """

    v: Tensor
    h: Tensor | None = None


class PCD(Sampler):
    """<dF>_model over chains that start at random once and take k Gibbs steps per update.

    Persistent contrastive divergence, PCD-k (Younes 1989; Tieleman 2008). The last hidden units
    are summed out; where they couple to one another, chains are (v, h) and taken as they end.
    """

    name = "pcd"

    class Options(Sampler.Options):
        k: int = Field(1, ge=1, description="Gibbs steps per update")
        chains: int = Field(128, ge=1, description="Persistent chains")

    @property
    def replayable(self) -> bool:
        return self.sweeps_are_replayable

    def supports(self, model: Model, data: Splits) -> str | None:
        return self.cannot_sweep(model)

    def start(self, model: Model, data: Splits, noise: Noise) -> Chains:
        return Chains(noise.coins(self.options.chains, model.visible))

    def particles(
        self, model: Model, batch: Particles, state: Chains, noise: Noise
    ) -> tuple[Particles, Chains]:
        v, h = self.run_chains(model, state.v, self.options.k, noise, state.h)
        return Particles(v, h), Chains(v, h)

    def cost(self, model: Model, batch: int) -> Cost:
        chains = self.options.chains
        return self.sweep_cost(model, chains, self.options.k) + self.chains_phase_cost(
            model, chains
        )
