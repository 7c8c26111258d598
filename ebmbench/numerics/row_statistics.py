"""What is told of a replica's rows: their overlaps q = v.v' / V, and variances.

All of it is the same, bit for bit, whatever other replicas are at work.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

PART = 1 << 22  # overlaps at a time, per replica: 16 MiB


class Nearest(NamedTuple):
    """The most alike of some rows.

    Attributes:
        overlap: |q| with it, (R, N).
        row: which it is, (R, N) int64; the first of several.
    """

    overlap: Tensor
    row: Tensor


def nearest(v: Tensor, others: Tensor) -> Nearest:
    """For each row of ``v`` (R, N, V) the row of ``others`` (R, M, V) of the largest |q|."""
    best = Nearest(v.new_full(v.shape[:2], -1.0), torch.zeros_like(v[..., 0], dtype=torch.int64))
    rows = max(1, PART // v.shape[1])
    for start in range(0, others.shape[1], rows):
        q, row = (v @ others[:, start : start + rows].mT).abs().max(2)
        is_better = q > best.overlap
        best = Nearest(
            torch.where(is_better, q, best.overlap), torch.where(is_better, row + start, best.row)
        )
    return Nearest(best.overlap / v.shape[-1], best.row)


def mean_overlap(v: Tensor) -> Tensor:
    """The mean of |q| over pairs of rows of ``v`` (R, N, V), (R,); NaN for N = 1."""
    N, V = v.shape[1:]
    one, other = torch.triu_indices(N, N, 1, device=v.device)
    return (v @ v.mT)[:, one, other].abs().mean(1) / V


def variance(x: Tensor, correction: int = 1) -> Tensor:
    """The variance over the last axis: sum (x - <x>)^2 / (N - correction); (..., N) -> (...).

    By means, which are added up in the same order for one row and for many; torch's ``var`` takes
    another way where there is one row only. One number alone has the variance 0 / 0, NaN.
    """
    N = x.shape[-1]
    spread = (x - x.mean(-1, keepdim=True)).square().mean(-1)
    return spread * N / (N - correction) if correction < N else spread * float("nan")
