"""Parallel tempering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal, cast

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import (
    Cost,
    Couplings,
    Model,
    Noise,
    Particles,
    Splits,
    State,
    TwoLayer,
    forming_cost,
    not_two_layers,
)
from ebmbench.interfaces.penalised_chains import ChainSampler, Traced
from ebmbench_pt.ladder import equalised, even_ladder
from ebmbench_pt.recycling import recycled_log_weights
from ebmbench_pt.state import Tempering
from ebmbench_pt.swaps import accepted, partners, rejected_of_late, swap_log_ratio
from ebmbench_pt.tempered import Rungs, Tempered, fitted_base
from ebmbench_pt.travel import Travel

ROUND = 100  # updates after which the ladder is made anew
OF_LATE = 0.05  # weight of an update in the mean rejection


class PT(ChainSampler):
    """<dF>_model over the coldest of persistent chains at several temperatures that trade places.

    Parallel tempering. Each of N chains has a ladder of T rungs of its own, from a base whose units
    are independent at beta = 0 to the model at beta = 1. In an update all of them take k Gibbs
    steps; then neighbours i and j trade places with probability min(1, q),

        log q = F_i(v_i) + F_j(v_j) - F_i(v_j) - F_j(v_i),
        F_beta(v) = -((1 - beta) a0 + beta a)'v - sum_alpha log 2cosh(beta x_alpha),

    which leaves all distributions as they are: what a hot chain has found, a cold one goes on
    from. Rungs 1, 2 and 3, 4, ... meet in one update, 2, 3 and 4, 5, ... in the next, which carries
    walkers through the ladder faster than chance does (``swaps: random``).

    The base has the means of the training data, N m / (N + 2) of N rows with mean m, or is of fair
    coins. With ``adapt: rejection`` every ladder is made anew after each hundred updates so that
    all swaps are rejected alike; chains of rungs that move need some updates to follow. With
    ``recycle`` the negative phase is taken over the chains of all rungs, weighted by the chance of
    a swap with the coldest.

    ``chains`` are those of a rung: T times as many are swept. The metric round-trips tells how well
    they travel.

    Source: Desjardins, Courville, Bengio, Vincent and Delalleau 2010; Cho, Raiko and Ilin 2010; the
    base of Salakhutdinov and Murray 2008; swaps and ladder of Syed, Bouchard-Cote, Deligiannidis
    and Doucet 2022.
    """

    name = "pt"
    cites = ("desjardins2010", "cho2010", "salakhutdinov2008", "syed2022", "acp: jelincic2025")

    known_failures: ClassVar[dict[str, str]] = {
        "steps": "with 'recycle' the particles are chains of all temperatures, which take k steps "
        "each at its own, and not at the model's"
    }

    class Options(ChainSampler.Options):
        chains: int = Field(100, ge=1, le=100_000, description="Persistent chains of each rung")
        temperatures: int = Field(10, ge=2, le=200, description="T, rungs of the ladder")
        k: int = Field(1, ge=1, le=1_000_000, description="Gibbs steps of every chain per update")
        base: Literal["data", "uniform"] = Field(
            "data", description="Units at beta = 0: with the training data's means, or fair coins"
        )
        adapt: Literal["none", "rejection"] = Field(
            "none",
            description="Whether rungs stay at equal distances, or go where all swaps are rejected "
            "alike",
        )
        recycle: bool = Field(
            False, description="Whether the chains of all rungs count, weighted, or the coldest"
        )
        swaps: Literal["even-odd", "random"] = Field(
            "even-odd", description="Which neighbours meet: in turn, or by a coin in every update"
        )

    @classmethod
    def examples(cls, folder: Path) -> Sequence[Mapping[str, Any]]:
        """Few chains; what can be chosen is checked one by one from here."""
        return [{"chains": 20, "temperatures": 4}]

    @property
    def replayable(self) -> bool:
        return self.sweeper.replayable

    def supports(self, model: Model, data: Splits) -> str | None:
        return not_two_layers(model) or self.sweeper.cannot_sweep(model)

    def start(self, model: Model, data: Splits, noise: Noise) -> State:
        """All chains drawn from the base."""
        o = self.options
        a0 = fitted_base(data.train) if o.base == "data" else torch.zeros_like(data.train[:, 0])
        T, R = o.temperatures, len(a0)
        v = noise.spins(a0.unsqueeze(1).expand(-1, T * o.chains, -1))
        betas = even_ladder(T, v.device).expand(R, -1).contiguous()
        travel = Travel.begun(torch.zeros_like(v[..., 0], dtype=torch.int8))
        begun = Tempering(v, betas, a0, betas[:, 1:] * 0, travel, travel.trips)
        return self.accounted(begun, data)

    def traced(self, model: Model, batch: Particles, state: Tempering, noise: Noise) -> Traced:
        """What is at the coldest rung before and after an update, whichever walkers these are."""
        found, N = self.plain_phase(model, batch, state, noise), self.options.chains
        return Traced(found, state.v[:, -N:], found.state.v[:, -N:])

    @torch.no_grad()
    def particles(
        self, model: Model, batch: Particles, state: Tempering, noise: Noise
    ) -> tuple[Particles, Tempering]:
        T, N = self.options.temperatures, self.options.chains
        a0 = state.a0 if self.options.base == "data" else None
        tempered = Tempered(model, self.sweeper, a0)
        v = tempered.sweep(state.v, state.betas, self.options.k, noise)
        partner = partners(self._parity(state, noise), T)
        words = noise.words(T // 2, N)
        there = state.betas.gather(1, partner)
        betas = torch.stack([state.betas, there, torch.ones_like(there)], 2)
        F = tempered.free_energies(v, betas if self.options.recycle else betas[..., :2])
        log_ratio = swap_log_ratio(F[:, :, 0], F[:, :, 1], partner)
        came_from = accepted(log_ratio, partner, words)
        after = self._after(state, v, came_from, log_ratio, partner)
        if self.options.recycle:
            return self._recycled(tempered, v, F, state.betas), after
        return Particles(after.v[:, -N:]), after

    def cost(self, model: Model, batch: int) -> Cost:
        """Sweeps of all rungs, the fields of their free energies, and a phase over the last one.

        With a base of the data the couplings of every rung are formed.
        """
        o = self.options
        T, walkers = o.temperatures, o.temperatures * o.chains
        V, H = model.visible, cast(TwoLayer, model).hidden
        energies = walkers * H * (3 if o.recycle else 2) + o.recycle * walkers * H
        field = Cost(macs=walkers * (V * H + 2 * V) + energies, bytes=4.0 * walkers * (V + H))
        drawn = Cost(randoms=T // 2 * o.chains + (o.swaps == "random"))
        counted = walkers if o.recycle else o.chains
        phase = model.phase_cost(counted) + self.penalty_cost(model, counted)
        return self._sweeps_cost(model) + field + drawn + phase

    def _sweeps_cost(self, model: Model) -> Cost:
        T, N, k = self.options.temperatures, self.options.chains, self.options.k
        if self.options.base == "uniform":
            return self.sweeper.sweep_cost(model, T * N, k)
        size = model.visible, cast(TwoLayer, model).hidden
        W, a, b = (torch.empty(1, *each, device="meta") for each in (size, size[:1], size[1:]))
        rung = Rungs(Couplings(W, a, b))
        sweeps: Cost = T * self.sweeper.sweep_cost(rung, N, k)
        forming = Cost(macs=T * W.numel(), bytes=4.0 * 2 * T * W.numel())
        return forming_cost(model) + forming + sweeps._replace(held=T * sweeps.peak)

    def _parity(self, state: Tempering, noise: Noise) -> Tensor:
        """Whether this update's swaps start at the first rung, 0, or at the second, 1; (R,)."""
        if self.options.swaps == "even-odd":
            return state.updates % 2
        return noise.words(1, 1)[:, 0, 0] % 2

    def _after(
        self, state: Tempering, v: Tensor, came_from: Tensor, log_ratio: Tensor, partner: Tensor
    ) -> Tempering:
        """The state after swept chains ``v`` have traded places, (R, T N, V)."""
        rungs = v.view(*came_from.shape, -1)
        rungs = rungs.gather(1, came_from.unsqueeze(3).expand_as(rungs))
        updates = state.updates + 1
        rejection = rejected_of_late(state.rejection, log_ratio, partner, OF_LATE)
        betas = state.betas
        if self.options.adapt == "rejection":
            due = (updates % ROUND == 0).unsqueeze(1)
            betas = torch.where(due, equalised(betas, rejection), betas)
        travel = state.travel.on(came_from)
        return Tempering(rungs.flatten(1, 2), betas, state.a0, rejection, travel, updates)

    def _recycled(self, tempered: Tempered, v: Tensor, F: Tensor, betas: Tensor) -> Particles:
        """Chains of all rungs, before they trade places: weighted by swaps with the last rung's."""
        N = self.options.chains
        cold = tempered.free_energies(v[:, -N:], betas.unsqueeze(1))[:, 0]  # (R, T, N)
        last = F[:, -1:, 0]
        log_weight = recycled_log_weights((F[:, :, 0] + last) - (F[:, :, 2] + cold))
        return Particles(v, log_weight=log_weight.flatten(1).to(v.dtype))
