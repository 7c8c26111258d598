"""Waste recycling: the negative phase is taken over the chains of all rungs."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ebmbench_pt.swaps import acceptance


def recycled_log_weights(log_ratio: Tensor) -> Tensor:
    """Log weights of the chains of all rungs, (R, T, N); the weights sum to one.

    A swap of the last rung's chain with that of a rung t, chosen at random, would leave the model's
    distribution as it is, and put v_t in its place with probability alpha_t = min(1, q_t). The mean
    over that chance, w_t = alpha_t / (T - 1) and the rest for the last rung's own, is unbiased.

    Source: Frenkel 2004. (smlpt takes w_t ~ alpha_t for all rungs, which is not.)

    Args:
        log_ratio: log q_t of swaps of each chain with the last rung's, (R, T, N), 0 there.
    """
    T, N = log_ratio.shape[1:]
    moved = acceptance(log_ratio[:, :-1]).sum(1, keepdim=True) / (T - 1)
    # Not log of the weights: its last bit depends on where in memory a number stands.
    others = log_ratio[:, :-1].clamp(max=0) - math.log(T - 1)
    return torch.cat([others, torch.log1p(-moved.clamp(max=1))], 1) - math.log(N)
