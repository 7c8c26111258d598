"""Updates of chains whose model moves along a trajectory, and the way to the first model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple, cast

import torch
from torch import Tensor

from ebmbench import Chains, Couplings, Model, Noise, Sweeper, TwoLayer
from ebmbench.numerics import log_2cosh
from ebmbench_ptt.exchange import Meeting, Pool, meet, pairs, trade
from ebmbench_ptt.free_energies import free_energies
from ebmbench_ptt.freezing import NewSamples, Rules, Start, gone_on, new_samples
from ebmbench_ptt.given import Frozen, couplings_of, parameters_of, with_parameters
from ebmbench_ptt.trajectory import (
    Account,
    Checkpoint,
    Trajectory,
    either,
    put,
    some,
)
from ebmbench_ptt.verdict import Overlap, Verdict, never_rejected, overlap_of, verdict


class Update(NamedTuple):
    """An update that was made.

    Attributes:
        v: where the chains got to at the model that was given, (R, N, V).
        after: the trajectory; a replica that was rejected is back at its checkpoint.
        rejected: (R,) bool.
    """

    v: Tensor
    after: Trajectory
    rejected: Tensor


@dataclass(frozen=True)
class Tempering:
    """How chains are tempered, see ``PTT.Options``.

    Attributes:
        sweeper: sweeps models.
        sweeps: of an update: an exchange and k Gibbs steps.
        accept: acceptance below which a model is frozen.
        rejects: whether an update may be rejected.
        rules: how models are frozen.
    """

    sweeper: Sweeper
    sweeps: int
    accept: float
    rejects: bool
    rules: Rules

    @torch.no_grad()
    def update(self, model: Model, was: Trajectory, noise: Noise, last: bool = False) -> Update:
        """Take the chains on to ``model``, which has moved since the update before.

        Args:
            last: whether every replica's model is to be frozen.
        """
        met = self._met(model, was, noise)
        overlap = overlap_of(met.log_ratio, was.chains.F - met.F)
        judged = self._judged(overlap, was.since, last)
        now = self._traded(was._replace(acceptance=overlap.acceptance), met)
        now, failed = self._frozen(model, now, judged.frozen, noise)
        now = self._moved(model, now, noise)
        for _ in range(1, self.sweeps):
            now = self._moved(model, self._traded(now, self._met(model, now, noise)), noise)
        v, now = now.chains.v, now._replace(since=now.since + 1)
        rejected = judged.rejected | failed
        if rejected.any():
            back = was.gone_back(met.who.member)._replace(acceptance=overlap.acceptance)
            now = either(rejected, back, now)
        return Update(v, now, rejected)

    @torch.no_grad()
    def annealed(
        self, model: Model, N: int, rows: int, steps: int, accounts: bool, noise: Noise
    ) -> Trajectory:
        """A trajectory that has led from W = 0, where all is known, to a checkpoint of ``model``.

        The weights grow by a share of ``steps`` at each update, and no update is rejected.

        Args:
            N: chains.
            rows: of N samples that make the reservoir.
            accounts: whether account is kept of log Z.
        """
        couplings = cast(TwoLayer, model).couplings()
        anneal = replace(self, rejects=False, rules=self.rules._replace(floor=0.0))
        now = without_weights(couplings, N, rows, accounts, noise)
        for step in range(1, steps + 1):
            here = _scaled(couplings, step / steps)
            now = anneal.update(here, now, noise, last=step == steps).after
        checkpoint = now.checkpoint._replace(parameters=parameters_of(model))
        return Trajectory.begun(checkpoint, now.chains)

    def _met(self, model: Model, now: Trajectory, noise: Noise) -> Meeting:
        """Each chain and a member of the reservoir."""
        there = with_parameters(model, now.checkpoint.parameters)
        N, samples = now.chains.F.shape[1], now.reservoir.F.shape[1]
        who = pairs(N, samples // N, noise)
        return meet(model, there, now.chains.v, now.reservoir, who)

    def _judged(self, overlap: Overlap, since: Tensor, last: bool) -> Verdict:
        if self.rejects:
            judged = verdict(overlap, since, self.accept, self.rules.floor)
        else:
            judged = never_rejected(overlap, self.accept)
        return judged._replace(frozen=torch.ones_like(judged.frozen)) if last else judged

    def _traded(self, now: Trajectory, met: Meeting) -> Trajectory:
        v, reservoir, _ = trade(now.reservoir, met)
        return now._replace(chains=now.chains._replace(v=v), reservoir=reservoir)

    def _moved(self, model: Model, now: Trajectory, noise: Noise) -> Trajectory:
        """After k Gibbs steps of ``model``."""
        v = self.sweeper.run_chains(model, Chains(now.chains.v), self.rules.k, 1.0, noise).v
        return now._replace(chains=Pool(v, free_energies(model, v)))

    def _frozen(
        self, model: Model, now: Trajectory, which: Tensor, noise: Noise
    ) -> tuple[Trajectory, Tensor]:
        """The replicas ``which`` frozen, where that can be; and those where it cannot."""
        if not which.any():
            return now, which
        there = couplings_of(with_parameters(model, now.checkpoint.parameters))
        start = Start(couplings_of(model), there, now.chains.v, now.checkpoint.samples)
        found = self._new_samples(start, which, self.rules, noise, "freeze")
        failed = which.clone()
        failed[which] = found.failed
        frozen = which & ~failed
        if frozen.any():
            samples, v = some((found.samples, found.v), ~found.failed)
            account = self._account(now.checkpoint.account, start, frozen, noise)
            checkpoint = Checkpoint(some(parameters_of(model), frozen), samples, account)
            now = put(now, frozen, some(now, frozen).gone_on(checkpoint, v))
        return now, failed

    def _account(
        self, old: Account | None, start: Start, which: Tensor, noise: Noise
    ) -> Account | None:
        """Of log Z of the models ``which``, by samples that have nothing to do with the chains."""
        if old is None:
            return None
        N = start.v.shape[1]
        own = start._replace(v=old.samples.v[:, -N:], samples=old.samples)
        anyhow = self.rules._replace(floor=0.0)
        found = self._new_samples(own, which, anyhow, noise, "account")
        return gone_on(some(old, which), found.samples, some(own, which))

    def _new_samples(
        self, start: Start, which: Tensor, rules: Rules, noise: Noise, purpose: str
    ) -> NewSamples:
        """Of the replicas ``which`` (R,) alone, drawn from streams of their own."""
        own = noise.apart(which.nonzero().flatten().tolist(), purpose)
        return new_samples(some(start, which), self.sweeper, rules, own)


def without_weights(
    couplings: Couplings, N: int, rows: int, accounts: bool, noise: Noise
) -> Trajectory:
    """The model without its weights, whose units are independent: draws of it, and log Z.

    log Z = sum_i log 2cosh a_i + sum_j log 2cosh b_j.
    """
    here = _scaled(couplings, 0.0)
    W, a, b = here.couplings()
    on_visible = torch.zeros_like(W[:, :, 0]) if a is None else a  # (R, V)
    on_hidden = torch.zeros_like(W[:, 0]) if b is None else b  # (R, H)

    def drawn(count: int) -> Pool:
        v = noise.spins(on_visible.unsqueeze(1).expand(-1, count, -1))
        return Pool(v, free_energies(here, v))

    samples, chains, account = drawn(N * rows), drawn(N), None
    if accounts:
        log_z = _log_2cosh_sums(on_visible) + _log_2cosh_sums(on_hidden)
        account = Account(drawn(N * rows), log_z, torch.zeros_like(chains.F))
    return Trajectory.begun(Checkpoint(parameters_of(here), samples, account), chains)


def _scaled(couplings: Couplings, t: float) -> Frozen:
    """The weights times t, the biases as they are."""
    return Frozen(couplings._replace(W=t * couplings.W))


def _log_2cosh_sums(fields: Tensor) -> Tensor:
    """sum_i log 2cosh of fields (R, M), (R,) float64."""
    return log_2cosh(fields.double()).sum(1)
