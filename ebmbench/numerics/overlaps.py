"""Overlaps q = v.v' / V: how alike configurations are, up to a sign."""

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
