"""Samples in equilibrium of models that are to be frozen, and their log Z.

Replicas are swept side by side; how many sweeps it takes is each one's own affair, and so are its
random numbers.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from ebmbench import Chains, Couplings, Noise, Sweeper
from ebmbench_ptt.bennett import bennett
from ebmbench_ptt.exchange import Pool, meet, pairs, trade
from ebmbench_ptt.free_energies import free_energies
from ebmbench_ptt.given import Frozen
from ebmbench_ptt.level_times import level_times
from ebmbench_ptt.trajectory import Account, some

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


class Start(NamedTuple):
    """Where chains of R models begin, at models that stay.

    Attributes:
        here, there: couplings of the models that are to be frozen, and of their last checkpoints.
        v: the chains, (R, N, V).
        samples: of the checkpoints, as they were when these were frozen: chains that lagged behind
            a moving model have since traded places with the working copy.
    """

    here: Couplings
    there: Couplings
    v: Tensor
    samples: Pool


class NewSamples(NamedTuple):
    """What was found.

    Attributes:
        samples: of the models, in rows of N.
        v: where the chains end, (R, N, V).
        failed: models that have too little in common with their checkpoints, (R,) bool; what else
            is said of them means nothing.
    """

    samples: Pool
    v: Tensor
    failed: Tensor


class Walk:
    """Chains on their way: exchanges with the checkpoint's samples, and sweeps.

    Attributes:
        v: where they are, (R, N, V).
    """

    def __init__(self, start: Start, sweeper: Sweeper, k: int) -> None:
        self.here, self._there = Frozen(start.here), Frozen(start.there)
        self.v, self._reservoir = start.v, start.samples
        self._start, self._sweeper, self._k = start, sweeper, k
        self._traded: list[Tensor] = []

    def sweep(self, times: int, noise: Noise) -> None:
        """An exchange and k Gibbs steps, so many times."""
        N = self.v.shape[1]
        for _ in range(times):
            who = pairs(N, self._reservoir.F.shape[1] // N, noise)
            met = meet(self.here, self._there, self.v, self._reservoir, who)
            v, self._reservoir, traded = trade(self._reservoir, met)
            self.v = self._sweeper.run_chains(self.here, Chains(v), self._k, 1.0, noise).v
            self._traded.append(traded)

    @property
    def sweeps(self) -> int:
        """Made so far."""
        return len(self._traded)

    @property
    def traded(self) -> Tensor:
        """Which chains traded places in which sweep, (R, sweeps, N) bool."""
        return torch.stack(self._traded, 1)

    def only(self, which: list[int]) -> Walk:
        """Some of the replicas, to go on with."""
        walk = Walk(some(self._start, which), self._sweeper, self._k)
        walk.v, walk._reservoir = self.v[which], some(self._reservoir, which)
        walk._traded = [traded[which] for traded in self._traded]
        return walk


def new_samples(start: Start, sweeper: Sweeper, rules: Rules, noise: Noise) -> NewSamples:
    """As many samples of each model as there are of its checkpoint.

    Chains are swept for ``length`` autocorrelation times, the number of sweeps doubled until that
    is so. Then they are taken as samples every ``spacing`` times, from a reservoir that is renewed:
    where Gibbs steps do not get from mode to mode, chains and reservoir together keep what they
    have of each, and chains that come from a model with other shares have taken some of theirs
    along.

    Args:
        noise: streams for this alone; each replica draws from others of its own.
    """
    rows = start.samples.F.shape[1] // start.v.shape[1]
    v, apart = _in_equilibrium(Walk(start, sweeper, rules.k), rules, noise)
    taken = v.repeat(1, rows, 1)
    for sweeps in {each for each in apart if each}:
        which = [r for r, each in enumerate(apart) if each == sweeps]
        walk = Walk(some(start._replace(v=v), which), sweeper, rules.k)
        own, found = noise.apart(which, "samples"), []
        for _ in range(rows):
            walk.sweep(min(sweeps, max(1, MOST // rows)), own)
            found.append(walk.v)
        taken[which] = torch.cat(found, 1)
    samples = Pool(taken, free_energies(Frozen(start.here), taken))
    failed = torch.tensor([not each for each in apart], device=v.device)
    return NewSamples(samples, taken[:, -v.shape[1] :], failed)


def gone_on(account: Account, samples: Pool, start: Start) -> Account:
    """log Z of the next checkpoints by Bennett's acceptance ratio, given samples of them."""
    here, there = Frozen(start.here), Frozen(start.there)
    at_old = free_energies(here, account.samples.v) - account.samples.F
    at_new = samples.F - free_energies(there, samples.v)
    ratio = bennett(*(in_rows(u, start.v.shape[1]) for u in (at_old, at_new)))
    return Account(samples, account.log_z + ratio.value, account.influence + ratio.influence)


def in_rows(of_samples: Tensor, N: int) -> Tensor:
    """(R, rows N) as (R, rows, N)."""
    return of_samples.view(len(of_samples), -1, N)


def _in_equilibrium(walk: Walk, rules: Rules, noise: Noise) -> tuple[Tensor, list[int]]:
    """Where chains are after sweeps enough, (R, N, V), and sweeps between samples.

    No sweeps where that cannot be had.
    """
    v, apart, left = walk.v.clone(), [0] * len(walk.v), list(range(len(walk.v)))
    while left:
        more = walk.sweeps or rules.length
        walk.sweep(more, noise.apart(left, "equilibrium", walk.sweeps))
        ended = [_sweeps_apart(traded, rules) for traded in walk.traded]
        for place, sweeps in enumerate(ended):
            if sweeps is not None:
                v[left[place]], apart[left[place]] = walk.v[place], sweeps
        on = [place for place, sweeps in enumerate(ended) if sweeps is None]
        left = [left[place] for place in on]
        walk = walk.only(on)
    return v, apart


def _sweeps_apart(traded: Tensor, rules: Rules) -> int | None:
    """Sweeps between samples; 0 if the model is not to be frozen, None to go on.

    The acceptance is that of the later half of the sweeps: the first tell of how it began.

    Args:
        traded: which chains of a replica traded places in which sweep, (sweeps, N).
    """
    sweeps, times = len(traded), level_times(traded)
    enough = sweeps >= rules.length * max(times)
    if float(traded[sweeps // 2 :].double().mean()) < rules.floor:
        return 0
    if not enough and sweeps < MOST:
        return None
    return math.ceil(rules.spacing * times.integrated) if enough or not rules.floor else 0
