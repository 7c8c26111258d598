"""Persistent contrastive divergence with updates at the ground state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple, cast

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import (
    Chains,
    Cost,
    Model,
    NegativePhase,
    Noise,
    Particles,
    Phase,
    Splits,
    State,
    TwoLayer,
    not_two_layers,
)
from ebmbench.interfaces.penalised_chains import ChainSampler
from ebmbench_exact.annealers import Annealers, looking_cost
from ebmbench_exact.enumeration import Ground, ground_states, not_enumerable

STEEP, LATE = 20.0, 6.0  # of the sigmoid by which the share of mode updates rises
MEAN_SHARE = 0.7  # of p_max, over the whole training: the integral of that sigmoid


class Chance(NamedTuple):
    """What goes from an update to the next.

    Attributes:
        chains: those of PCD, with their account where they may be penalised.
        annealers: that look for the ground state; None where it is enumerated.
        update: how many were made, (R,) float64.
    """

    chains: State
    annealers: Annealers | None
    update: Tensor


class Mode(ChainSampler):
    """<dF>_model over persistent chains, and in some of the updates at the ground state.

    Mode-assisted training. In update n of N a replica takes, with probability
    p_max / (1 + exp(6 - 20 n / N)), the state v*, h* of lowest energy E* in place of its chains,
    and a step shorter by the factor gamma = -E* / ((V + 1)(H + 1)): the negative phase is then
    (1 - gamma) <dF>_data + gamma dE(v*, h*). Late in a training it digs out modes in which chains
    do not come to be. Chains go on at every update, those of PCD.

    ``ground: exact`` enumerates the smaller layer; ``anneal`` cools chains beside the training,
    which may find a higher state.

    Source: Manukian, Pei, Bearden and Di Ventra 2020.
    """

    name = "mode"
    cites = ("manukian2020", "acp: jelincic2025")
    known_failures: ClassVar[dict[str, str]] = dict.fromkeys(
        ("no-drift", "biases", "forgets-the-data"),
        "some updates are taken at the ground state, on purpose",
    )

    class Options(ChainSampler.Options):
        updates: int = Field(
            ge=1,
            le=1_000_000_000,
            description="N, updates of the training: half of p_max is reached after 3 tenths of it",
        )
        p_max: float = Field(
            0.1, ge=0, le=1, description="Share of updates at the ground state, in the end"
        )
        ground: Literal["exact", "anneal"] = Field(
            "exact", description="How the ground state is found: by enumeration, or by annealing"
        )
        step: Literal["gamma", "full"] = Field(
            "gamma", description="How long a step at the ground state is: gamma of one, or one"
        )
        k: int = Field(1, ge=1, le=1_000_000, description="Gibbs steps of PCD's chains per update")
        chains: int = Field(128, ge=1, le=100_000, description="Persistent chains")
        annealers: int = Field(16, ge=1, le=100_000, description="Chains that anneal")
        cycle: int = Field(
            100, ge=1, le=1_000_000, description="Updates in which annealing chains are cooled once"
        )

    @classmethod
    def examples(cls, folder: Path) -> Sequence[Mapping[str, Any]]:
        """Hardly ever at the ground state, and nearly always."""
        small = {"chains": 11, "annealers": 3, "cycle": 7}
        return [{"updates": 1_000_000, **small}, {"updates": 1, "p_max": 1.0, **small}]

    def supports(self, model: Model, data: Splits) -> str | None:
        misfit = not_two_layers(model) or self.sweeper.cannot_sweep(model)
        return misfit or (not_enumerable(model) if self.options.ground == "exact" else None)

    def start(self, model: Model, data: Splits, noise: Noise) -> Chance:
        o = self.options
        chains = self.accounted(Chains(noise.coins(o.chains, model.visible)), data)
        annealers = None
        if o.ground == "anneal":
            annealers = Annealers.begun(o.annealers, model.visible, noise)
        update = torch.zeros(model.replicas, dtype=torch.float64, device=data.train.device)
        return Chance(chains, annealers, update)

    def began(self, batch: Particles, state: Chains) -> Tensor:
        return state.v

    def particles(
        self, model: Model, batch: Particles, state: Chains, noise: Noise
    ) -> tuple[Particles, Chains]:
        """Those of PCD."""
        chains = self.sweeper.run_chains(model, state, self.options.k, 1.0, noise)
        return Particles(chains.v, chains.h), chains

    @torch.no_grad()
    def negative_phase(
        self, model: Model, batch: Particles, state: Chance, noise: Noise
    ) -> NegativePhase:
        update, chosen = state.update + 1, self._chosen(state.update + 1, noise)
        found = super().negative_phase(model, batch, state.chains, noise)
        phase, particles = found.phase, cast(Particles, found.particles)
        annealers = self._cooled(model, state.annealers, update, noise)
        if bool(chosen.any()):
            ground = annealers.lowest(model) if annealers else ground_states(model, chosen.tolist())
            annealers = annealers and annealers.remembering(ground, chosen)
            phase = self._with_ground(phase, ground, chosen, model, batch)
            particles = _shown(particles, ground, chosen)
        return NegativePhase(phase, Chance(found.state, annealers, update), particles)

    def cost(self, model: Model, batch: int) -> Cost:
        """PCD's and a random number; what the ground state takes in the mean over a training."""
        o, V, H = self.options, model.visible, cast(TwoLayer, model).hidden
        sweeps = self.sweeper.sweep_cost(model, o.chains, o.k)
        phases = self.sweeper.phase_cost(model, o.chains) + self.penalty_cost(model, o.chains)
        pcd = sweeps + phases + Cost(randoms=1)
        if o.ground == "exact":
            pairs = 2.0 ** min(V, H) * max(V, H)
            found, always = Cost(macs=pairs, bytes=8 * pairs), Cost()
        else:
            found = looking_cost(model, o.annealers)
            always = self.sweeper.sweep_cost(model, o.annealers, 1) + (1 / o.cycle) * found
        once = found + model.phase_cost(batch) + model.joint_phase_cost(1)
        return pcd + always + MEAN_SHARE * float(o.p_max) * once

    def _chosen(self, update: Tensor, noise: Noise) -> Tensor:
        """The replicas that take the ground state, (R,); a number is drawn whatever comes of it."""
        o = self.options
        chance: Tensor = o.p_max / (1 + torch.exp(LATE - STEEP * update / o.updates))
        drawn = noise.uniform(1, 1)[:, 0, 0].double()
        return drawn < chance

    def _cooled(
        self, model: Model, annealers: Annealers | None, update: Tensor, noise: Noise
    ) -> Annealers | None:
        if annealers is None:
            return None
        count = int(update[0])  # the same in all replicas
        return annealers.cooled(model, self.sweeper, count, self.options.cycle, noise)

    def _with_ground(
        self, phase: Phase, ground: Ground, chosen: Tensor, model: Model, batch: Particles
    ) -> Phase:
        """The phase, at the ground state in the replicas that are chosen."""
        at_ground = model.phase(Particles(ground.v.unsqueeze(1), ground.h.unsqueeze(1)))
        V, H = ground.v.shape[1], ground.h.shape[1]
        gamma = -ground.energy / ((V + 1) * (H + 1)) if self.options.step == "gamma" else None
        data = model.phase(batch) if gamma is not None else at_ground
        return tuple(
            torch.where(_per(chosen, part), _between(d, g, gamma), part)
            for part, d, g in zip(phase, data, at_ground, strict=True)
        )


def _between(data: Tensor, ground: Tensor, gamma: Tensor | None) -> Tensor:
    """(1 - gamma) data + gamma ground; the latter alone where gamma is None."""
    if gamma is None:
        return ground
    share = _per(gamma.to(data.dtype), data)
    return (1 - share) * data + share * ground


def _per(replica: Tensor, part: Tensor) -> Tensor:
    """(R,) beside a parameter (R, ...)."""
    return replica.view(-1, *[1] * (part.dim() - 1))


def _shown(particles: Particles, ground: Ground, chosen: Tensor) -> Particles:
    """The chains, or as many times the ground state."""
    at = chosen.view(-1, 1, 1)
    v = torch.where(at, ground.v.unsqueeze(1), particles.v)
    h = None if particles.h is None else torch.where(at, ground.h.unsqueeze(1), particles.h)
    return Particles(v, h)
