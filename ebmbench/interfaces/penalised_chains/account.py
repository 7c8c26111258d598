"""What is known of chains' memory, from update to update."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from ebmbench.interfaces.penalised_chains.penalty import Penalty, adapted


class Account(NamedTuple):
    """What is known of chains' memory, (R,) float64 each.

    Attributes:
        strength: lam, of the penalty.
        before: the autocorrelation at the last look.
        covariance, begun, ended: sums over updates and units since then: the covariance of a
            unit's spins where chains begin and end, over chains, and the variances there.
        updates: how many these are.
    """

    strength: Tensor
    before: Tensor
    covariance: Tensor
    begun: Tensor
    ended: Tensor
    updates: Tensor

    @classmethod
    def empty(cls, like: Tensor) -> Account:
        """Of the replicas of ``like`` (R, ...), without any penalty."""
        zero = torch.zeros(len(like), dtype=torch.float64, device=like.device)
        return cls(*[zero] * len(cls._fields))

    def after(self, began: Tensor, ended: Tensor, penalty: Penalty) -> Account:
        """With an update's chains (R, N, V) told; the strength is adapted at each look."""
        b, e = (each.double() - each.double().mean(1, keepdim=True) for each in (began, ended))
        told = self._replace(
            covariance=self.covariance + (b * e).mean(1).sum(1),
            begun=self.begun + b.square().mean(1).sum(1),
            ended=self.ended + e.square().mean(1).sum(1),
            updates=self.updates + 1,
        )
        look = told.updates >= penalty.every
        now, kept = told.autocorrelation, torch.where(look, 0.0, 1.0)
        return Account(
            torch.where(look, adapted(self.strength, now, self.before, penalty), self.strength),
            torch.where(look, now, self.before),
            *(kept * each for each in told[2:]),
        )

    @property
    def autocorrelation(self) -> Tensor:
        """Of a spin where chains end with the same where they began; 0 where none varies."""
        scale = (self.begun * self.ended).sqrt()
        return torch.where(scale > 0, (self.covariance / scale).clamp(min=0), 0.0)
