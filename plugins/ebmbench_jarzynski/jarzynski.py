"""Persistent contrastive divergence with Jarzynski's weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import (
    Cost,
    Model,
    NegativePhase,
    Noise,
    Particles,
    Splits,
    State,
    TwoLayer,
    not_two_layers,
)
from ebmbench.interfaces.penalised_chains import ChainSampler, Traced
from ebmbench_jarzynski.walkers import Walkers, annealed


class Populations(NamedTuple):
    """What goes from an update to the next.

    Attributes:
        gradient: the walkers that the negative phase is taken over.
        evaluation: others that never enter it and tell log Z; None if there are none.
    """

    gradient: Walkers
    evaluation: Walkers | None


class Jarzynski(ChainSampler):
    """<dF>_model over persistent chains, weighted for being behind the moving model.

    After each update theta -> theta', every walker's log-weight grows by F_theta(v) - F_theta'(v)
    at its place, before it takes k Gibbs steps of theta': weighted, the walkers stand for p_theta'
    however slowly they mix, with no bias but that of a ratio. Where few of them carry all the
    weight, they are drawn anew by it. They start as fair coins and are annealed to the first model.

    The mean weight is Z_theta / Z_0: a likelihood for free. **Not from the same walkers**: a
    gradient step raises the energy just where they stand, and log Z comes out too low, by more the
    larger the steps and the fewer the walkers. Hence ``evaluation`` walkers of their own, which the
    metric nll-walkers asks.

    Source: Carbone, Hua, Coste and Vanden-Eijnden 2023; for Gibbs steps Carbone 2025.
    """

    name = "jarzynski"
    cites = ("carbone2023", "carbone2025", "acp: jelincic2025")

    class Options(ChainSampler.Options):
        chains: int = Field(100, ge=1, le=100_000, description="Walkers of the negative phase")
        k: int = Field(1, ge=1, le=1_000_000, description="Gibbs steps per update")
        ess: float = Field(
            0.5,
            ge=0,
            le=1,
            description="Share of effective walkers below which they are drawn anew by weight",
        )
        evaluation: int = Field(
            0, ge=0, le=100_000, description="Walkers that tell log Z and never enter the gradient"
        )
        anneal: int = Field(
            100, ge=1, le=1_000_000, description="Temperatures on the way to the first model"
        )

    @classmethod
    def examples(cls, folder: Path) -> Sequence[Mapping[str, Any]]:
        """A short way to the first model, and both populations."""
        return [{"evaluation": 10, "anneal": 20}]

    def supports(self, model: Model, data: Splits) -> str | None:
        return not_two_layers(model) or self.sweeper.cannot_sweep(model)

    def start(self, model: Model, data: Splits, noise: Noise) -> State:
        return self.accounted(self._begun(model, self.options.anneal, noise), data)

    def blank(self, model: Model, data: Splits, noise: Noise) -> State:
        """Fair coins."""
        return self.accounted(self._begun(model, 0, noise), data)

    def particles(
        self, model: Model, batch: Particles, state: Populations, noise: Noise
    ) -> tuple[Particles, Populations]:
        _, after = self._updated(model, state, noise)
        return _weighted(after.gradient), after

    def traced(self, model: Model, batch: Particles, state: Populations, noise: Noise) -> Traced:
        """From before walkers move to after it, and before they are drawn anew."""
        ended, after = self._updated(model, state, noise)
        particles = _weighted(after.gradient)
        found = NegativePhase(model.phase(particles), after, particles)
        return Traced(found, state.gradient.v, ended)

    @property
    def keeps_log_z(self) -> bool:
        return bool(self.options.evaluation > 0)

    def log_z(self, model: Model, state: State) -> tuple[Tensor, Tensor] | None:
        evaluation = self.plain_state(state).evaluation
        if evaluation is None:
            return None
        reached = evaluation.at(model)
        return reached.log_z_reached, reached.error

    def cost(self, model: Model, batch: int) -> Cost:
        """Sweeps, the free energies before and after them, and a phase over the first walkers."""
        o = self.options
        walkers = o.chains + o.evaluation
        V, H = model.visible, cast(TwoLayer, model).hidden
        populations = 2 if o.evaluation else 1
        field = Cost(macs=walkers * (V * H + H), bytes=4.0 * walkers * (V + H))
        drawn = Cost(randoms=populations)
        sweeps = self.sweeper.sweep_cost(model, walkers, o.k)
        phase = model.phase_cost(o.chains) + self.penalty_cost(model, o.chains)
        return sweeps + 2 * field + drawn + phase

    def _begun(self, model: Model, steps: int, noise: Noise) -> Populations:
        """Both populations, after so many temperatures on the way to the model."""
        o = self.options
        gradient = annealed(model, self.sweeper, o.chains, steps, noise)
        evaluation = None
        if o.evaluation:
            evaluation = annealed(model, self.sweeper, o.evaluation, steps, noise)
        return Populations(gradient, evaluation)

    def _updated(
        self, model: Model, state: Populations, noise: Noise
    ) -> tuple[Tensor, Populations]:
        """Where the gradient's walkers got to, (R, N, V), and both populations drawn anew."""
        moved = self._moved(state.gradient, model, noise)
        gradient, evaluation = self._resampled(moved, noise), state.evaluation
        if evaluation is not None:
            evaluation = self._resampled(self._moved(evaluation, model, noise), noise)
        return moved.v, Populations(gradient, evaluation)

    def _moved(self, walkers: Walkers, model: Model, noise: Noise) -> Walkers:
        """Weighed for this update's model, and moved by it."""
        return walkers.at(model).moved(model, self.sweeper, self.options.k, noise)

    def _resampled(self, walkers: Walkers, noise: Noise) -> Walkers:
        """Drawn anew where too few carry all the weight."""
        return walkers.resampled(self.options.ess * walkers.v.shape[1], noise)


def _weighted(walkers: Walkers) -> Particles:
    """The walkers with their shares."""
    shares = torch.log_softmax(walkers.log_weight, 1)
    return Particles(walkers.v, log_weight=shares.to(walkers.v.dtype))
