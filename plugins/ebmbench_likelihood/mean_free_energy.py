"""Mean free energies of data at several temperatures, a part of the rows at a time."""

from __future__ import annotations

import torch
from torch import Tensor

from ebmbench_likelihood.path import Path

PART = 1 << 20  # fields at a time, per replica: 4 MiB


def mean_free_energies(path: Path, v: Tensor, betas: Tensor) -> Tensor:
    """<F_beta(v)> over the rows of v (R, N, V) at each replica's betas (R, B), (R, B) float64."""
    total = torch.zeros_like(betas)
    for part in torch.split(v, max(1, PART // path.hidden), dim=1):
        total += path.free_energies(part, betas).sum(-1)
    return total / v.shape[1]
