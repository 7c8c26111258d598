"""Parallel trajectory tempering, with a reservoir."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import torch
from pydantic import Field, model_validator
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
from ebmbench.interfaces.penalised_chains import ChainSampler
from ebmbench_ptt.bennett import forward
from ebmbench_ptt.free_energies import free_energies, free_energies_cost
from ebmbench_ptt.freezing import Rules, in_rows
from ebmbench_ptt.groups import standard_error
from ebmbench_ptt.tempering import Tempering, without_weights
from ebmbench_ptt.trajectory import Trajectory


class PTT(ChainSampler):
    """<dF>_model over persistent chains that trade places with samples of an earlier model.

    Parallel trajectory tempering, the form with a reservoir. The training's own trajectory is the
    ladder of temperatures: of the last model that was frozen, the checkpoint, samples in
    equilibrium are kept. In an update each chain x first meets one of them, y, and they trade
    places with probability min(1, q),

        log q = F(x) + F_c(y) - F(y) - F_c(x),

    which leaves both distributions as they are; then it takes k Gibbs steps. So chains get from
    mode to mode by way of a model that had them all within reach, at the cost of some free
    energies. The ladder starts at W = 0, which is drawn exactly and whose log Z is known, and leads
    to the first model in ``anneal`` steps.

    Where the acceptance of exchanges falls below ``accept`` the model is frozen: its chains are
    brought to equilibrium, and samples of it are the next reservoir. Where it falls below
    ``floor``, or so soon after a checkpoint, the update is rejected: the parameters go back to the
    checkpoint, and the optimiser starts again with half the learning rate. With ``reject: false``
    such a model is frozen instead. A freeze takes some hundred sweeps of one replica's chains,
    which the cost does not count.

    log Z, which the metric nll-walkers asks, goes on from checkpoint to checkpoint by Bennett's
    acceptance ratio. Not by the same samples: a gradient step raises the energy just where they
    stand, and log Z comes out too low. So with ``evaluation`` others are kept apart, which are
    moved from checkpoint to checkpoint and cost nothing in between.

    Source: Bereux, Decelle, Furtlehner and Seoane 2026, after Bereux et al. 2025; thermalised and
    rejected as in RestrictedBoltzmannMachines.jl (Fernandez-de-Cossio-Diaz).
    """

    name = "ptt"
    cites = ("bereux2026", "bereux2025", "acp: jelincic2025")

    class Options(ChainSampler.Options):
        chains: int = Field(100, ge=2, le=100_000, description="Persistent chains")
        reservoir: int = Field(
            10, ge=1, le=1000, description="Samples of the checkpoint that are kept, per chain"
        )
        k: int = Field(1, ge=1, le=1_000_000, description="Gibbs steps after an exchange")
        sweeps: int = Field(
            1, ge=1, le=10_000, description="Exchanges per update, each with its Gibbs steps"
        )
        accept: float = Field(
            0.3, gt=0, le=1, description="Acceptance of exchanges below which a model is frozen"
        )
        floor: float = Field(
            0.1, ge=0, lt=1, description="Acceptance below which an update is rejected"
        )
        anneal: int = Field(
            100, ge=1, le=1_000_000, description="Steps from W = 0 to the first model"
        )
        thermalise: int = Field(
            20,
            ge=2,
            le=10_000,
            description="Sweeps of a freeze, at least, and in autocorrelation times of exchanges",
        )
        spacing: float = Field(
            2.0,
            gt=0,
            le=1000,
            description="Sweeps between samples of a frozen model, in these times",
        )
        reject: bool = Field(True, description="Whether an update may be rejected")
        evaluation: bool = Field(
            True,
            description="Whether as many samples again tell log Z, and never enter the gradient",
        )

        @model_validator(mode="after")
        def _floor_below_accept(self) -> PTT.Options:
            if self.floor >= self.accept:
                raise ValueError(f"floor {self.floor:g} must be below accept {self.accept:g}")
            return self

    @classmethod
    def examples(cls, folder: Path) -> Sequence[Mapping[str, Any]]:
        """A short way to the first model, and little ado about freezing it."""
        short = {"anneal": 5, "thermalise": 2}
        return [{"chains": 30, "reservoir": 2, "evaluation": False, **short}]

    def supports(self, model: Model, data: Splits) -> str | None:
        return not_two_layers(model) or self.sweeper.cannot_sweep(model)

    def start(self, model: Model, data: Splits, noise: Noise) -> State:
        o = self.options
        sizes = o.chains, o.reservoir, o.anneal
        begun = self._tempering.annealed(model, *sizes, o.evaluation, noise)
        return self.accounted(begun, data)

    def blank(self, model: Model, data: Splits, noise: Noise) -> State:
        """Where the way to the first model begins."""
        o = self.options
        couplings = cast(TwoLayer, model).couplings()
        begun = without_weights(couplings, o.chains, o.reservoir, o.evaluation, noise)
        return self.accounted(begun, data)

    def began(self, batch: Particles, state: Trajectory) -> Tensor:
        return state.chains.v

    def plain_phase(
        self, model: Model, batch: Particles, state: Trajectory, noise: Noise
    ) -> NegativePhase:
        update = self._tempering.update(model, state, noise)
        particles = Particles(update.v)
        restore = None
        if update.rejected.any():
            restore = state.checkpoint.parameters, update.rejected
        return NegativePhase(model.phase(particles), update.after, particles, restore)

    @property
    def keeps_log_z(self) -> bool:
        return bool(self.options.evaluation)

    @torch.no_grad()
    def log_z(self, model: Model, state: State) -> tuple[Tensor, Tensor] | None:
        account = self.plain_state(state).checkpoint.account
        if account is None:
            return None
        u = free_energies(model, account.samples.v) - account.samples.F
        ratio = forward(in_rows(u, self.options.chains))
        return account.log_z + ratio.value, standard_error(account.influence + ratio.influence)

    def cost(self, model: Model, batch: int) -> Cost:
        """Each sweep, with four free energies per chain, and a phase; what freezes is not counted.

        F and F_c of the chain, F of the sample that it meets, and F where the chain gets to.
        """
        o = self.options
        energies, drawn = free_energies_cost(model, o.chains), Cost(randoms=2 * o.chains + 1)
        sweep = self.sweeper.sweep_cost(model, o.chains, o.k) + 4 * energies + drawn
        phase = self.sweeper.phase_cost(model, o.chains) + self.penalty_cost(model, o.chains)
        return float(o.sweeps) * sweep + phase

    @property
    def _tempering(self) -> Tempering:
        o = self.options
        rules = Rules(o.k, o.thermalise, o.spacing, o.floor if o.reject else 0.0)
        return Tempering(self.sweeper, o.sweeps, o.accept, o.reject, rules)
