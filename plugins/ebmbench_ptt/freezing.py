"""Samples in equilibrium of one replica's model, which is to be frozen, and its log Z."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from ebmbench import Chains, Model, Noise, Sweeper
from ebmbench_ptt.bennett import bennett
from ebmbench_ptt.exchange import Pool, meet, pairs, trade
from ebmbench_ptt.free_energies import free_energies
from ebmbench_ptt.level_times import LevelTimes, level_times
from ebmbench_ptt.trajectory import Account

MOST = 10_000  # sweeps to come to equilibrium by


class Rules(NamedTuple):
    """How chains come to equilibrium, see ``PTT.Options``.

    Attributes:
        k: Gibbs steps of a sweep.
        length: sweeps to make, in autocorrelation times, and at least.
        spacing: sweeps between samples, in integrated autocorrelation times.
        floor: the least acceptance of exchanges; 0 where every model is to be frozen.
    """

    k: int
    length: int
    spacing: float
    floor: float


class Thermalisation:
    """Chains of one replica at a fixed model: exchanges with samples of the checkpoint, and sweeps.

    Args:
        models: the one that is to be frozen, and the last checkpoint's.
        v: where the chains begin, (1, N, V).
        samples: of the checkpoint, as they were: chains that lagged behind a moving model have
            traded places with the working copy.
        k: Gibbs steps of a sweep.
        noise: a stream of the replica's own.

    Attributes:
        v: where the chains are.
    """

    def __init__(
        self,
        models: tuple[Model, Model],
        v: Tensor,
        samples: Pool,
        sweeper: Sweeper,
        k: int,
        noise: Noise,
    ) -> None:
        self.here, self.there = models
        self.v, self._samples, self._reservoir = v, samples, samples
        self._sweeper, self._k, self._noise = sweeper, k, noise
        self._traded: list[Tensor] = []

    def renew(self) -> None:
        """Begin again with the samples as they were.

        Where Gibbs steps do not get from mode to mode, chains and reservoir together keep what they
        have of each: chains that come from a model with other shares take some of theirs along.
        Once they have the right ones, all but a tenth of the difference, they may have the rest.
        """
        self._reservoir = self._samples

    def sweep(self, times: int) -> None:
        """An exchange and k Gibbs steps, so many times."""
        N = self.v.shape[1]
        for _ in range(times):
            who = pairs(N, self._reservoir.F.shape[1] // N, self._noise)
            met = meet(self.here, self.there, self.v, self._reservoir, who)
            v, self._reservoir, traded = trade(self._reservoir, met)
            self.v = self._sweeper.run_chains(self.here, Chains(v), self._k, 1.0, self._noise).v
            self._traded.append(traded[0])

    @property
    def sweeps(self) -> int:
        """Made so far."""
        return len(self._traded)

    def acceptance(self) -> float:
        """Of the exchanges in the later half of the sweeps: the first tell of how it began."""
        return float(torch.stack(self._traded[self.sweeps // 2 :]).double().mean())

    def times(self) -> LevelTimes:
        """How long chains take to go from one side to the other, by all sweeps so far."""
        return level_times(torch.stack(self._traded))


def new_samples(chains: Thermalisation, rows: int, rules: Rules) -> Pool | None:
    """Rows of samples of the next checkpoint; None if it has too little in common with the last.

    Chains are swept for ``length`` autocorrelation times, the number of sweeps doubled until that
    is so. Then the reservoir is renewed, and they are taken as samples every ``spacing`` times.
    """
    times = _in_equilibrium(chains, rules)
    if times is None:
        return None
    chains.renew()
    apart, taken = min(math.ceil(rules.spacing * times.integrated), MOST // rows), []
    for _ in range(rows):
        chains.sweep(max(apart, 1))
        taken.append(chains.v)
    v = torch.cat(taken, 1)
    return Pool(v, free_energies(chains.here, v))


def gone_on(account: Account, samples: Pool, models: tuple[Model, Model], rows: int) -> Account:
    """log Z of the next checkpoint, by Bennett's acceptance ratio.

    Args:
        samples: of it.
        models: the one that is frozen, and the last checkpoint's.
        rows: of samples.
    """
    here, there = models
    at_old = free_energies(here, account.samples.v) - account.samples.F
    at_new = samples.F - free_energies(there, samples.v)
    ratio = bennett(in_rows(at_old, rows), in_rows(at_new, rows))
    return Account(samples, account.log_z + ratio.value, account.influence + ratio.influence)


def in_rows(of_samples: Tensor, rows: int) -> Tensor:
    """(R, rows N) as (R, rows, N): a chain is a column."""
    return of_samples.view(len(of_samples), rows, -1)


def _in_equilibrium(chains: Thermalisation, rules: Rules) -> LevelTimes | None:
    """The chains' times once there were sweeps enough; None where that cannot be had."""
    chains.sweep(rules.length)
    times = chains.times()
    while chains.sweeps < rules.length * max(times) and chains.sweeps < MOST:
        if chains.acceptance() < rules.floor:
            return None
        chains.sweep(chains.sweeps)
        times = chains.times()
    enough = chains.sweeps >= rules.length * max(times) and chains.acceptance() >= rules.floor
    return times if enough or not rules.floor else None
