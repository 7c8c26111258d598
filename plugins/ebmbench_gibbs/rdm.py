"""Chains that start anew at every update."""

from __future__ import annotations

from typing import Literal

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import Chains, Cost, Model, NegativePhase, Noise, Particles, Splits, State
from ebmbench.interfaces.penalised_chains import ChainSampler, Traced
from ebmbench.numerics import SPINS


class RDM(ChainSampler):
    """<dF>_model over chains that start at random at every update and take k Gibbs steps.

    Out-of-equilibrium training (Nijkamp, Hill, Zhu and Wu 2019; Decelle, Furtlehner and Seoane
    2021, Rdm-k): the model learns to bring random states to the data in k steps, so its samples are
    best after about k steps and get worse beyond, and its distribution is not that of the data.
    ``start: data-mean`` draws each unit by its mean in the training data, (N m / (N + 2) of N
    rows with mean m, so that no unit is certain), in place of a fair coin.
    """

    name = "rdm"
    cites = ("nijkamp2019", "decelle2021", "acp: jelincic2025")
    any_units = True

    class Options(ChainSampler.Options):
        k: int = Field(
            10, ge=0, le=1_000_000, description="Gibbs steps from the start; 0 takes it as it is"
        )
        chains: int = Field(128, ge=1, le=100_000, description="Chains of an update")
        start: Literal["random", "data-mean"] = Field(
            "random", description="Fair coins, or units with the means of the training data"
        )

    @property
    def replayable(self) -> bool:
        return self.options.k == 0 or self.sweeper.replayable

    def supports(self, model: Model, data: Splits) -> str | None:
        if self.options.start == "data-mean" and model.units != SPINS:
            return f"start: data-mean is of spins, and the model '{model.name}' has {model.units}"
        misfit = self.sweeper.cannot_sweep(model) if self.options.k else None
        return misfit or self.cannot_penalise(model)

    def start(self, model: Model, data: Splits, noise: Noise) -> State:
        """The fields that chains of spins are drawn from, (R, V)."""
        if self.options.start == "random":
            return self.accounted(torch.zeros_like(data.train[:, 0]), data)
        rows = data.train.shape[1]
        mean = data.train.double().mean(1) * (rows / (rows + 2))
        return self.accounted(torch.atanh(mean).float(), data)

    def particles(
        self, model: Model, batch: Particles, state: Tensor, noise: Noise
    ) -> tuple[Particles, Tensor]:
        return self._swept(model, self._beginning(model, state, noise), noise), state

    def traced(self, model: Model, batch: Particles, state: Tensor, noise: Noise) -> Traced:
        v = self._beginning(model, state, noise)
        particles = self._swept(model, v, noise)
        return Traced(NegativePhase(model.phase(particles), state, particles), v, particles.v)

    def cost(self, model: Model, batch: int) -> Cost:
        chains, units = self.options.chains, self.options.chains * model.visible
        randoms = chains * model.units.draws(model.visible)
        drawn = Cost(randoms=randoms, bytes=4.0 * 2 * units, held=4.0 * units)
        if self.options.k == 0:
            return drawn + model.phase_cost(chains) + self.penalty_cost(model, chains)
        sweeps = self.sweeper.sweep_cost(model, chains, self.options.k)
        phase = self.sweeper.phase_cost(model, chains)
        return drawn + sweeps + phase + self.penalty_cost(model, chains)

    def _beginning(self, model: Model, fields: Tensor, noise: Noise) -> Tensor:
        """Where an update's chains start, (R, chains, V)."""
        if model.units == SPINS:
            return noise.spins(fields.unsqueeze(1).expand(-1, self.options.chains, -1))
        return model.units.random(self.options.chains, model.visible, noise)

    def _swept(self, model: Model, v: Tensor, noise: Noise) -> Particles:
        if self.options.k == 0:
            return Particles(v)
        chains = self.sweeper.run_chains(model, Chains(v), self.options.k, 1.0, noise)
        return Particles(chains.v, chains.h)
