"""Particles: weighted configurations, what all phases have in common; and Markov chains."""

from __future__ import annotations

import math
from collections.abc import Iterator
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

    @property
    def weights(self) -> Tensor:
        """Each particle's weight, (R, N)."""
        if self.log_weight is None:
            return self.v.new_full(self.v.shape[:2], 1 / self.v.shape[1])
        return torch.exp(self.log_weight)

    def weighted(self, t: Tensor) -> Tensor:
        """``t`` (R, N, ...) times the particles' weights."""
        if self.log_weight is None:
            return t / self.v.shape[1]
        return t * torch.exp(self.log_weight).unsqueeze(-1)

    def parts(self, rows: int) -> Iterator[Particles]:
        """In parts of at most ``rows`` particles, each weighted as in the whole.

        What a model computes on the way to a phase is then as large as a part: it stays in the
        cache, and memory does not grow with N.
        """
        v, h, log_weight = self
        if v.shape[1] <= rows:
            yield self
            return
        if log_weight is None:
            log_weight = v.new_full(v.shape[:2], -math.log(v.shape[1]))
        for start in range(0, v.shape[1], rows):
            part = slice(start, start + rows)
            yield Particles(v[:, part], None if h is None else h[:, part], log_weight[:, part])


class Chains(NamedTuple):
    """Where Markov chains stand.

    Attributes:
        v: visible units, (R, N, V).
        h: hidden units, (R, N, H); None where they are not known, and then drawn given v.
    """

    v: Tensor
    h: Tensor | None = None
