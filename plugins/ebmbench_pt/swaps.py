"""Swaps of places between the rungs of a ladder."""

from __future__ import annotations

import torch
from torch import Tensor


def swap_log_ratio(stay: Tensor, go: Tensor, partner: Tensor) -> Tensor:
    """log q = F_i(v_i) + F_j(v_j) - F_i(v_j) - F_j(v_i), the hidden units summed out.

    Traded with probability min(1, q), rungs i and j keep their distributions. 0 where j is i.

    Args:
        stay: F_i(v_i) of each chain v_i of rung i, (R, T, N).
        go: F_j(v_i), at the rung that it would get to.
        partner: j, (R, T).
    """
    index = partner.unsqueeze(2).expand_as(stay)
    return (stay + stay.gather(1, index)) - (go + go.gather(1, index))  # alike for both, bit by bit


def partners(parity: Tensor, rungs: int) -> Tensor:
    """Who each rung meets, (R, T): the next one of ``parity`` and of every second from there.

    Args:
        parity: 0 or 1, (R,). A rung without a partner meets itself.
    """
    t = torch.arange(rungs, device=parity.device)
    lower = (t + parity.unsqueeze(1)) % 2 == 0
    met = torch.where(lower, t + 1, t - 1)
    return torch.where((met >= 0) & (met < rungs), met, t)


def accepted(log_ratio: Tensor, partner: Tensor, words: Tensor) -> Tensor:
    """Where each chain of each rung comes from, (R, T, N): its partner's place, or its own.

    Args:
        log_ratio: log q, (R, T, N).
        partner: (R, T).
        words: uniform 32-bit words, one for each pair, (R, T // 2, N).
    """
    T = partner.shape[1]
    t = torch.arange(T, device=partner.device)
    pair = (torch.minimum(t, partner) // 2).clamp(max=words.shape[1] - 1)
    u = (words.gather(1, pair.unsqueeze(2).expand_as(log_ratio)).double() + 0.5) * 2.0**-32
    swap = u < acceptance(log_ratio)
    return torch.where(swap, partner.unsqueeze(2), t.view(-1, 1))


def acceptance(log_ratio: Tensor) -> Tensor:
    """min(1, q)."""
    return torch.exp(log_ratio.clamp(max=0))


def rejected_of_late(before: Tensor, log_ratio: Tensor, partner: Tensor, weight: float) -> Tensor:
    """Mean rejection 1 - min(1, q) between each rung and the next, of late, (R, T - 1).

    (1 - weight) of what it was, and ``weight`` of what it is now where the two have met.
    """
    lower = torch.arange(before.shape[1], device=partner.device)
    met = partner[:, :-1] == lower + 1
    now = 1 - acceptance(log_ratio[:, :-1]).mean(2)
    return torch.where(met, before + weight * (now - before), before)
