"""Samplers whose chains take steps, with the autocorrelation penalty as an option."""

from __future__ import annotations

from typing import NamedTuple, cast

from pydantic import Field
from torch import Tensor

from ebmbench.interfaces.cost import Cost, product_cost
from ebmbench.interfaces.dataset import Splits
from ebmbench.interfaces.model import Model, not_two_layers
from ebmbench.interfaces.penalised_chains.account import Account
from ebmbench.interfaces.penalised_chains.penalty import Penalty, penalised, tells_means
from ebmbench.interfaces.sampler import NegativePhase, Sampler, State
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.two_layer import TwoLayer


class Penalised(NamedTuple):
    """A sampler's state beside the account of its chains."""

    state: State
    account: Account


class Traced(NamedTuple):
    """A negative phase, and where its chains began and ended, (R, N, V) each."""

    found: NegativePhase
    began: Tensor
    ended: Tensor


class ChainSampler(Sampler):
    """Interface: a sampler whose chains take steps, and may be penalised for remembering.

    With ``acp``, lam (<v><h>' - <v h'>) over the negative phase's particles is added to the slope
    of the log-likelihood in W, as if the model were to have no correlations. Where chains still
    remember after an update's steps where they began, lam grows; where they do not, it fades:

        lam *= 0.6 + 0.2 r / threshold   where the autocorrelation r is below the threshold, else
               1.2 (1.5 from 1.8 thresholds on) where r has grown, else 0.95.

    A sampler gives ``particles`` (or ``plain_phase``) as any other, and ``began``; it passes what
    ``start`` returns through ``accounted``, and adds ``penalty_cost``. Who reads its state from
    elsewhere, as a metric does, asks for the ``plain_state``.

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
        """The same, and where its chains began and ended. Default: they end as its particles."""
        found = self.plain_phase(model, batch, state, noise)
        assert found.particles is not None  # chains
        return Traced(found, self.began(batch, state), found.particles.v)

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

    def plain_state(self, state: State) -> State:
        """The sampler's own state, without the account that may stand beside it."""
        return state.state if isinstance(state, Penalised) else state

    def negative_phase(
        self, model: Model, batch: Particles, state: State, noise: Noise
    ) -> NegativePhase:
        if not self.penalises:
            return self.plain_phase(model, batch, state, noise)
        found, began, ended = self.traced(model, batch, state.state, noise)
        assert found.particles is not None  # chains
        phase = penalised(model, found.phase, found.particles, state.account.strength)
        account = state.account.after(began, ended, self.options.acp)
        return found._replace(phase=phase, state=Penalised(found.state, account))

    def penalty_cost(self, model: Model, chains: int) -> Cost:
        """An autocorrelation, an outer product of means, and <h> where no bias's phase has it."""
        if not self.penalises:
            return Cost()
        V, H = model.visible, cast(TwoLayer, model).hidden
        look = Cost(macs=3.0 * chains * V, bytes=8.0 * 2 * chains * V)
        outer = Cost(macs=V * H, bytes=4.0 * 4 * V * H)
        if tells_means(model):
            return look + outer
        moments = product_cost(chains, V, H) + product_cost(V, chains, H)
        return look + outer + moments
