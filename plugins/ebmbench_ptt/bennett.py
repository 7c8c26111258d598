"""log Z of one model over that of another: Bennett's acceptance ratio, and from one side alone."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

BISECTIONS = 64  # of an interval of some hundred nats: to float64's last bits


class LogRatio(NamedTuple):
    """log(Z_new / Z_old) in nats.

    Attributes:
        value: the estimate, (R,) float64.
        influence: of each column of samples on it, (R, N); they sum to nothing.
    """

    value: Tensor
    influence: Tensor


def bennett(old: Tensor, new: Tensor) -> LogRatio:
    """log(Z_new / Z_old) from u = F_new - F_old at samples of either model.

    It solves sum_old sigma(C - u) = sum_new sigma(u - C) for C by bisection; then
    log(Z_new / Z_old) = log(n_new / n_old) - C, the estimate of least variance from both sides.

    Source: Bennett 1976; Shirts, Bair, Hooker and Pande 2003.

    Args:
        old: u at samples of the old model, (R, M, N) float64.
        new: u at samples of the new one, (R, M', N).
    """
    log_share = math.log(new[0].numel() / old[0].numel())
    C = _root(old, new, abs(log_share) + 1)
    f_old, f_new = _fermi(old - C), _fermi(C - new)
    slope = (f_old * (1 - f_old)).sum((1, 2)) + (f_new * (1 - f_new)).sum((1, 2))
    influence = (_off(f_old) - _off(f_new)) / slope.unsqueeze(1)
    return LogRatio(log_share - C.view(-1), influence)


def forward(old: Tensor) -> LogRatio:
    """log(Z_new / Z_old) = log <exp(-u)>_old, from samples of the old model alone (Zwanzig 1954).

    Args:
        old: as ``bennett``'s.
    """
    R, M, N = old.shape
    value = torch.logsumexp(-old.flatten(1), 1) - math.log(M * N)
    shares = torch.softmax(-old.flatten(1), 1).view(R, M, N).sum(1)
    return LogRatio(value, shares - 1 / N)


def _root(old: Tensor, new: Tensor, beyond: float) -> Tensor:
    """C (R, 1, 1), between bounds at which one side of the equation is surely the larger."""
    u = torch.cat([old.flatten(1), new.flatten(1)], 1)
    low, high = u.amin(1).view(-1, 1, 1) - beyond, u.amax(1).view(-1, 1, 1) + beyond
    for _ in range(BISECTIONS):
        C = (low + high) / 2
        above = _fermi(old - C).sum((1, 2)) < _fermi(C - new).sum((1, 2))
        low = torch.where(above.view(-1, 1, 1), C, low)
        high = torch.where(above.view(-1, 1, 1), high, C)
    return (low + high) / 2


def _off(f: Tensor) -> Tensor:
    """By how much each column's sum (R, N) is off that of a mean one."""
    return (f - f.mean((1, 2), keepdim=True)).sum(1)


def _fermi(x: Tensor) -> Tensor:
    """1 / (1 + e^x), whose last bit depends on no neighbour as that of torch's sigmoid does."""
    return 1 / (1 + torch.exp(x))
