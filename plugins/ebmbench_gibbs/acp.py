"""The autocorrelation penalty: an option of samplers whose chains take Gibbs steps."""

from __future__ import annotations

from typing import NamedTuple, cast

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import (
    Cost,
    Couplings,
    Model,
    NegativePhase,
    Noise,
    Options,
    Particles,
    Phase,
    Sampler,
    Splits,
    State,
    TwoLayer,
    not_two_layers,
    product_cost,
)
from ebmbench.numerics import mean_spin_, phase_of_slopes

NEAR = 1.8  # thresholds, below which a penalty grows by less


class Penalty(Options):
    """When chains are penalised for remembering where they began."""

    threshold: float | None = Field(
        None,
        ge=0.001,
        le=0.5,
        description="Autocorrelation over an update's steps above which the model's correlations "
        "are penalised, the more the longer it stays there; null: never",
    )
    every: int = Field(
        100, ge=1, le=1_000_000, description="Updates over which it is averaged, and between looks"
    )
    floor: float = Field(
        0.001, ge=0, le=1, description="Strength at which a penalty begins, and below which it ends"
    )


class Account(NamedTuple):
    """What is known of chains' memory, (R,) float64 each.

    Attributes:
        strength: lam, of the penalty.
        before: the autocorrelation at the last look.
        covariance, begun, ended: sums over updates and units since then: the covariance of a
            unit's spins where chains begin and end, over chains, and the variances there.
        updates: how many these are.
    """

    strength: Tensor
    before: Tensor
    covariance: Tensor
    begun: Tensor
    ended: Tensor
    updates: Tensor

    @classmethod
    def empty(cls, like: Tensor) -> Account:
        """Of the replicas of ``like`` (R, ...), without any penalty."""
        zero = torch.zeros(len(like), dtype=torch.float64, device=like.device)
        return cls(*[zero] * len(cls._fields))

    def after(self, began: Tensor, ended: Tensor, penalty: Penalty) -> Account:
        """With an update's chains (R, N, V) told; the strength is adapted at each look."""
        b, e = (each.double() - each.double().mean(1, keepdim=True) for each in (began, ended))
        told = self._replace(
            covariance=self.covariance + (b * e).mean(1).sum(1),
            begun=self.begun + b.square().mean(1).sum(1),
            ended=self.ended + e.square().mean(1).sum(1),
            updates=self.updates + 1,
        )
        look = told.updates >= penalty.every
        now, kept = told.autocorrelation, torch.where(look, 0.0, 1.0)
        return Account(
            torch.where(look, adapted(self.strength, now, self.before, penalty), self.strength),
            torch.where(look, now, self.before),
            *(kept * each for each in told[2:]),
        )

    @property
    def autocorrelation(self) -> Tensor:
        """Of a spin where chains end with the same where they began; 0 where none varies."""
        scale = (self.begun * self.ended).sqrt()
        return torch.where(scale > 0, (self.covariance / scale).clamp(min=0), 0.0)


class Penalised(NamedTuple):
    """A sampler's state beside the account of its chains."""

    state: State
    account: Account


class Traced(NamedTuple):
    """A negative phase, and where its chains began, (R, N, V)."""

    found: NegativePhase
    began: Tensor


class ChainSampler(Sampler):
    """Interface: a sampler whose chains take Gibbs steps, and may be penalised for remembering.

    With ``acp``, lam (<v><h>' - <v h'>) over the negative phase's particles is added to the slope
    of the log-likelihood in W, as if the model were to have no correlations. Where chains still
    remember after an update's steps where they began, lam grows; where they do not, it fades:

        lam *= 0.6 + 0.2 r / threshold   where the autocorrelation r is below the threshold, else
               1.2 (1.5 from 1.8 thresholds on) where r has grown, else 0.95.

    Source: the denoising thermodynamic models of Jelincic et al. 2025 and their program, whose rule
    this is.
    """

    class Options(Sampler.Options):
        acp: Penalty = Field(Penalty(), description="The autocorrelation penalty")

    def began(self, batch: Particles, state: State) -> Tensor:
        """Where an update's chains begin, (R, N, V)."""
        raise NotImplementedError

    def plain_phase(
        self, model: Model, batch: Particles, state: State, noise: Noise
    ) -> NegativePhase:
        """The negative phase without a penalty."""
        return super().negative_phase(model, batch, state, noise)

    def traced(self, model: Model, batch: Particles, state: State, noise: Noise) -> Traced:
        """The same, and where its chains began."""
        found = self.plain_phase(model, batch, state, noise)
        return Traced(found, self.began(batch, state))

    @property
    def penalises(self) -> bool:
        """Whether there may be a penalty."""
        return self.options.acp.threshold is not None

    def supports(self, model: Model, data: Splits) -> str | None:
        return self.sweeper.cannot_sweep(model) or self.cannot_penalise(model)

    def cannot_penalise(self, model: Model) -> str | None:
        """Why there can be no such penalty as is asked for; None if there can."""
        misfit = not_two_layers(model) if self.penalises else None
        return misfit and f"acp: {misfit}"

    def accounted(self, state: State, data: Splits) -> State:
        """The state to start from, with an account where there may be a penalty."""
        return Penalised(state, Account.empty(data.train)) if self.penalises else state

    def negative_phase(
        self, model: Model, batch: Particles, state: State, noise: Noise
    ) -> NegativePhase:
        if not self.penalises:
            return self.plain_phase(model, batch, state, noise)
        (phase, after, particles, _), began = self.traced(model, batch, state.state, noise)
        assert particles is not None  # chains
        account = state.account.after(began, particles.v, self.options.acp)
        phase = penalised(model, phase, particles, state.account.strength)
        return NegativePhase(phase, Penalised(after, account), particles)

    def penalty_cost(self, model: Model, chains: int) -> Cost:
        """An autocorrelation, an outer product of means, and <h> where no bias's phase has it."""
        if not self.penalises:
            return Cost()
        V, H = model.visible, cast(TwoLayer, model).hidden
        look = Cost(macs=3.0 * chains * V, bytes=8.0 * 2 * chains * V)
        outer = Cost(macs=V * H, bytes=4.0 * 4 * V * H)
        if _tells_means(model):
            return look + outer
        moments = product_cost(chains, V, H) + product_cost(V, chains, H)
        return look + outer + moments


def adapted(strength: Tensor, now: Tensor, before: Tensor, penalty: Penalty) -> Tensor:
    """The strength of a penalty after a look, (R,)."""
    threshold = cast(float, penalty.threshold)
    growing = 1.2 + 0.3 * (now >= NEAR * threshold).double()
    above = torch.where(now > before, growing, 0.95)
    factor = torch.where(now < threshold, 0.6 + 0.2 * now / threshold, above)
    new = strength.clamp(min=penalty.floor) * factor
    return torch.where(new < penalty.floor, 0.0, new)


@torch.no_grad()
def penalised(model: Model, phase: Phase, particles: Particles, strength: Tensor) -> Phase:
    """The phase with lam (<v><h>' - <v h'>) added in W, and to what the model makes W of."""
    vh, v, h = _sums(model, phase, particles)
    weight = particles.weights.sum(1).view(-1, 1, 1)
    away = v.unsqueeze(2) * h.unsqueeze(1) / weight - vh
    slope = strength.to(away.dtype).view(-1, 1, 1) * away
    if model.is_its_couplings:
        return phase[0] + slope, *phase[1:]
    more = phase_of_slopes(model, Couplings(slope, None, None))
    return tuple(part + its for part, its in zip(phase, more, strict=True))


def _tells_means(model: Model) -> bool:
    """Whether a phase consists of -<v h'>, -<v> and -<h>."""
    biases = cast(TwoLayer, model).couplings()[1:]
    return model.is_its_couplings and all(each is not None for each in biases)


def _sums(model: Model, phase: Phase, particles: Particles) -> tuple[Tensor, Tensor, Tensor]:
    """Weighted sums of v h' (R, V, H), v (R, V) and h (R, H)."""
    if _tells_means(model):
        vh, v, h = phase
        return -vh, -v, -h
    t = particles.h
    if t is None:
        t = mean_spin_(cast(TwoLayer, model).hidden_field(particles.v).contiguous())
    weighted = particles.weighted(particles.v)
    return weighted.mT @ t, weighted.sum(1), particles.weighted(t).sum(1)
