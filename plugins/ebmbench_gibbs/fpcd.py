"""Persistent contrastive divergence with fast weights."""

from __future__ import annotations

from copy import deepcopy
from typing import ClassVar, NamedTuple

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import Chains, Cost, Model, NegativePhase, Noise, Particles, Splits, State
from ebmbench.interfaces.penalised_chains import ChainSampler


class FastChains(NamedTuple):
    """Chains, and what is added to the parameters where they are swept.

    Attributes:
        chains: where they stand.
        fast: theta_f, one tensor per parameter.
    """

    chains: Chains
    fast: tuple[Tensor, ...]


class FPCD(ChainSampler):
    """<dF>_model over persistent chains that are swept with parameters theta + theta_f.

    Fast PCD (Tieleman and Hinton 2009). theta_f <- decay theta_f - fast_lr (<dF>_data - <dF>_model)
    learns fast and forgets fast: it pushes chains out of where they stand. Both phases are those of
    theta. The chains' distribution is not the model's, so it ends beside the data's unless the
    learning rate of theta goes to 0. The authors keep ``fast_lr`` at theta's first learning rate.
    """

    name = "fpcd"
    cites = ("tieleman2009", "acp: jelincic2025")
    any_units = True
    known_failures: ClassVar[dict[str, str]] = {
        "forgets-the-data": "chains follow theta + theta_f, not the model, on purpose"
    }

    class Options(ChainSampler.Options):
        k: int = Field(1, ge=1, le=1_000_000, description="Gibbs steps per update")
        chains: int = Field(128, ge=1, le=100_000, description="Persistent chains")
        fast_lr: float = Field(0.01, ge=0, le=1e6, description="Learning rate of theta_f")
        decay: float = Field(
            0.95, ge=0, lt=1, description="Of theta_f, what is left after an update"
        )

    def start(self, model: Model, data: Splits, noise: Noise) -> State:
        chains = Chains(model.units.random(self.options.chains, model.visible, noise))
        fast = tuple(map(torch.zeros_like, model.parameters()))
        return self.accounted(FastChains(chains, fast), data)

    def began(self, batch: Particles, state: FastChains) -> Tensor:
        return state.chains.v

    @torch.no_grad()
    def plain_phase(
        self, model: Model, batch: Particles, state: FastChains, noise: Noise
    ) -> NegativePhase:
        swept = _moved(model, state.fast)
        chains = self.sweeper.run_chains(swept, state.chains, self.options.k, 1.0, noise)
        particles = Particles(chains.v, chains.h)
        phase = model.phase(particles)
        fast = tuple(
            self.options.decay * kept - self.options.fast_lr * (data - found)
            for kept, data, found in zip(state.fast, model.phase(batch), phase, strict=True)
        )
        return NegativePhase(phase, FastChains(chains, fast), particles)

    def cost(self, model: Model, batch: int) -> Cost:
        """PCD's, the data phase once more, and three passes over the parameters."""
        chains, size = self.options.chains, model.parameters_per_replica()
        sweeps = self.sweeper.sweep_cost(model, chains, self.options.k)
        fast = Cost(macs=3.0 * size, bytes=4.0 * 7 * size, held=4.0 * 2 * size)
        phases = self.sweeper.phase_cost(model, chains) + model.phase_cost(batch)
        return sweeps + phases + fast + self.penalty_cost(model, chains)


def _moved(model: Model, by: tuple[Tensor, ...]) -> Model:
    """A copy of the model whose parameters are moved."""
    moved = deepcopy(model)
    for parameter, step in zip(moved.parameters(), by, strict=True):
        parameter.data += step
    return moved
