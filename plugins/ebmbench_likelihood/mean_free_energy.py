"""Free energies of data at several temperatures, a part of the rows at a time."""

from __future__ import annotations

import torch
from torch import Tensor

from ebmbench_likelihood.path import Path

PART = 1 << 20  # fields at a time, per replica: 4 MiB


def mean_free_energies(path: Path, v: Tensor, betas: Tensor) -> Tensor:
    """<F_beta(v)> over the rows of v (R, N, V) at each replica's betas (R, B), (R, B) float64."""
    total = torch.zeros_like(betas)
    for part in parts_of(path, v):
        total += path.free_energies(part, betas).sum(-1)
    return total / v.shape[1]


def free_energies(path: Path, v: Tensor, betas: Tensor) -> Tensor:
    """F_beta(v) of each row of v (R, N, V) at each replica's betas (R, B), (R, B, N) float64."""
    return torch.cat([path.free_energies(part, betas) for part in parts_of(path, v)], 2)


def parts_of(path: Path, v: Tensor) -> tuple[Tensor, ...]:
    """The rows of v, so many at a time that their fields fit."""
    return torch.split(v, max(1, PART // path.hidden), dim=1)
