"""What probability a model would give to the data: more than one is a contradiction."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

PART = 1 << 19  # spins at a time, per replica: 4 MiB of words


def log_mass(F: Tensor, new: Tensor, mirrored: bool) -> Tensor:
    """log of the sum over distinct rows of exp(-F), to be held against log Z; (..., R) float64.

    The probabilities of distinct states cannot sum to more than one, so log Z is at least this,
    whatever estimated it. Where F(v) = F(-v) each row counts for its mirror image too.

    Args:
        F: free energies of rows, (R, N).
        new: which rows are not among those before them, (R, N) bool, as :func:`first_of_kind`.
        mirrored: whether F(v) = F(-v), and ``new`` tells rows apart up to a sign.
    """
    total = torch.logsumexp((-F).masked_fill(~new, -torch.inf), dim=-1)
    return total + math.log(2.0) if mirrored else total


def first_of_kind(v: Tensor, mirrored: bool) -> Tensor:
    """Which rows of ``v`` (R, N, V) are not among those before them, (R, N) bool.

    Rows are told apart by 64-bit sums of random numbers: two of a million differing rows are taken
    for one with probability 3e-8, which only makes the mass smaller.

    Args:
        mirrored: whether v and -v count as one.
    """
    number = np.random.default_rng(0).integers(-(2**63), 2**63, v.shape[2])
    words = torch.from_numpy(number).to(v.device)
    parts = torch.split(v, max(1, PART // v.shape[2]), dim=1)
    keys = torch.cat([_keys(part, words, mirrored) for part in parts], 1)
    order = keys.sort(dim=1, stable=True)
    is_new = torch.ones_like(keys, dtype=torch.bool)
    is_new[:, 1:] = order.values.diff(dim=1) != 0
    return torch.zeros_like(is_new).scatter(1, order.indices, is_new)


def _keys(v: Tensor, words: Tensor, mirrored: bool) -> Tensor:
    up = v > 0
    if mirrored:
        up = up == up[..., :1]  # the first unit up
    return torch.where(up, words, 0).sum(-1)
