"""Particles: weighted configurations, what all phases have in common."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


class Particles(NamedTuple):
    """N configurations per replica that stand for a distribution.

    A batch of data is particles, and so is every negative phase: the patterns of PID, the chains
    of CD and PCD.

    Attributes:
        v: visible units, (R, N, V).
        h: hidden units, (R, N, H); None where they are summed out.
        log_weight: log of each particle's weight, (R, N); None for the mean, 1/N each. The
            weights are taken as they stand: they need not sum to one.
    """

    v: Tensor
    h: Tensor | None = None
    log_weight: Tensor | None = None

    def weighted(self, t: Tensor) -> Tensor:
        """``t`` (R, N, ...) times the particles' weights."""
        if self.log_weight is None:
            return t / self.v.shape[1]
        return t * torch.exp(self.log_weight).unsqueeze(-1)
