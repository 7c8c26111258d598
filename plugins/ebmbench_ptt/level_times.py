"""How long chains take to forget on which side of an exchange they were."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

LEAST = 0.05  # correlations below are taken for noise
WINDOW = 6  # integrated times that are summed over (Sokal 1997)


class LevelTimes(NamedTuple):
    """Autocorrelation times in sweeps.

    Attributes:
        integrated: 1/2 + sum_t C(t), at least 1/2.
        slowest: the longest -t / log C(t); infinite where nothing moves.
    """

    integrated: float
    slowest: float


def level_times(traded: Tensor) -> LevelTimes:
    """Autocorrelation times of the chains' level, +1 or -1, which turns with each exchange.

    Both levels are as likely, so C(t) = <s(0) s(t)> needs no mean: chains that never trade places
    are seen to stand still, where a correlation about their own mean would call them quick.

    Source: Alvarez Banos et al. 2010, who time parallel tempering so; the window is Sokal's.

    Args:
        traded: which chains traded places, (sweeps, N) bool.
    """
    integrated, slowest = 0.5, 0.0
    for t, C in enumerate(_correlations(traded)[1 : len(traded) // 2 + 1], start=1):
        integrated += C
        if C > LEAST:
            slowest = max(slowest, -t / math.log(C) if C < 1 - 1e-9 else math.inf)
        if t >= WINDOW * integrated:
            break
    return LevelTimes(max(integrated, 0.5), slowest)


def _correlations(traded: Tensor) -> list[float]:
    """C(t) for t = 0, 1, ..., the mean over chains and times."""
    sweeps, N = traded.shape
    s = 1.0 - 2.0 * (traded.cumsum(0) % 2).double()
    power = torch.fft.rfft(s, 2 * sweeps, dim=0).abs().square().sum(1)
    sums = torch.fft.irfft(power, 2 * sweeps)[:sweeps]
    pairs = N * torch.arange(sweeps, 0, -1, device=s.device)
    found: list[float] = (sums / pairs).tolist()
    return found
