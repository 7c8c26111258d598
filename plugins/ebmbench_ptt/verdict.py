"""What becomes of an update: accepted, frozen as a checkpoint, or rejected."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


class Verdict(NamedTuple):
    """Of each replica's update; accepted where neither.

    Attributes:
        frozen, rejected: (R,) bool.
    """

    frozen: Tensor
    rejected: Tensor


class Overlap(NamedTuple):
    """What chains of a model and samples of its checkpoint have in common, (R,) float64 each.

    Attributes:
        acceptance: share of exchanges between them that are accepted.
        effective: share of chains that tell of it.
    """

    acceptance: Tensor
    effective: Tensor


def verdict(overlap: Overlap, since: Tensor, accept: float, floor: float) -> Verdict:
    """An update is accepted where the acceptance is at least ``accept``.

    It is frozen where that is less but at least ``floor``, and more than one update has passed
    since the checkpoint; else rejected: it moved too far at once. So is one of which too few chains
    tell, less than ``floor`` of them, and one that is not finite.

    Args:
        since: updates since the checkpoint, (R,).
    """
    told = overlap.effective >= floor
    accepted = told & (overlap.acceptance >= accept)
    frozen = told & (overlap.acceptance >= floor) & (since > 1) & ~accepted
    return Verdict(frozen, ~accepted & ~frozen)


def never_rejected(overlap: Overlap, accept: float) -> Verdict:
    """Frozen wherever the acceptance is less than ``accept``; what is not finite is let be."""
    frozen = overlap.acceptance < accept
    return Verdict(frozen, torch.zeros_like(frozen))


def overlap_of(log_ratio: Tensor, log_weight: Tensor) -> Overlap:
    """The acceptance sum_n w_n min(1, q_n), w ~ exp(F_last - F), and 1 / (N sum w^2).

    Chains stand for the model that moved them last, an update ago. Without the weights that carry
    them to this one, the acceptance of a large step is overestimated.

    Args:
        log_ratio: log q, (R, N).
        log_weight: F_last - F at the chains' places, (R, N).
    """
    w = torch.softmax(log_weight, 1)
    acceptance = (w * torch.exp(log_ratio.clamp(max=0))).sum(1)
    return Overlap(acceptance, 1 / (w.square().sum(1) * w.shape[1]))
