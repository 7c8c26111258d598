"""Annealed importance sampling, from the base to the model and back.

The log-weights are kept for every rung: that of rung t is the sum of the steps between the base
and b_t, so one run tells log Z at all temperatures of the ladder.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor

from ebmbench import Noise
from ebmbench_likelihood.path import Path


class Arrived(NamedTuple):
    """Chains that were annealed.

    Attributes:
        log_weights: log w with <w> = Z(b_t) / Z(0), (T, R, chains) float64 for t = 1, ..., T.
        v: where the chains ended, (R, chains, V). Weighted by the last rung's w they stand for the
            model's distribution.
    """

    log_weights: Tensor
    v: Tensor

    def log_mean_at_end(self) -> Tensor:
        """log <w> at the last rung, (R,)."""
        return torch.logsumexp(self.log_weights[-1], -1) - math.log(self.v.shape[1])

    @classmethod
    def either(cls, choose: Tensor, one: Arrived, other: Arrived) -> Arrived:
        """``one`` for the replicas that are chosen (R,), ``other`` for the rest."""
        log_weights = torch.where(choose.unsqueeze(1), one.log_weights, other.log_weights)
        return cls(log_weights, torch.where(choose.view(-1, 1, 1), one.v, other.v))


def forward(path: Path, betas: Sequence[float], chains: int, noise: Noise) -> Arrived:
    """Anneal from the base to the model.

    Chains start from the base and take a Gibbs step at each rung; a step's log-weight is
    F_b(v) - F_b'(v), before v is moved at b' (Neal 2001; Salakhutdinov and Murray 2008).
    """
    v, steps = path.base.draw(chains, noise), []
    for hot, cold in pairwise(betas):
        steps.append(path.drop(v, hot, cold))
        if cold != betas[-1]:
            v = path.sweep(v, 1, cold, noise)
    return Arrived(torch.stack(steps).cumsum(0), v)


def reverse(path: Path, betas: Sequence[float], v: Tensor, noise: Noise) -> Tensor:
    """log w with <w> = Z(0) / Z(b_T), (T, R, N) float64, from ``v`` (R, N, V) drawn at b_T.

    The same chain run backwards, as its steps are reversible (Burda, Grosse and Salakhutdinov
    2015; Grosse, Ghahramani and Adams 2015). That of rung t < T is over chains that arrive from
    the cold, hence Z(0) / Z(b_t) where annealing has kept them at equilibrium.
    """
    steps = []
    for cold, hot in pairwise(reversed(betas)):
        steps.append(path.drop(v, cold, hot))
        if hot != betas[0]:
            v = path.sweep(v, 1, hot, noise)
    return torch.stack(steps[::-1]).cumsum(0)
