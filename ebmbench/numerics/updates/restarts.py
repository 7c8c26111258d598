"""Replicas that an optimiser has started again with, at shorter steps, while the others went on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor


class Restarts:
    """What is left of each replica's learning rate, and how far its optimiser has got since.

    An optimiser steps all replicas alike. The steps of those that were restarted are shortened
    afterwards, which is a smaller learning rate for all optimisers whose step is in proportion to
    it.

    Args:
        replicas: R.
        betas: of Adam, whose biases are corrected as from the restart on; None for others.

    Attributes:
        factor: on the steps, (R,) float64; 1 where there was no restart.
        fades: beta^k of both betas after k steps since the restart, (R, 2) float64.
    """

    def __init__(
        self, replicas: int, betas: tuple[float, float] | None, device: torch.device
    ) -> None:
        self.betas = betas
        self.factor = torch.ones(replicas, dtype=torch.float64, device=device)
        self.fades = torch.ones(replicas, 2, dtype=torch.float64, device=device)

    def add(self, replicas: Tensor) -> None:
        """Halve the learning rate of ``replicas`` (R,) bool; their k is 0."""
        self.factor = torch.where(replicas, self.factor / 2, self.factor)
        self.fades = torch.where(replicas.unsqueeze(1), 1.0, self.fades)

    @contextmanager
    def shortened(self, parameters: Sequence[Tensor], count: int) -> Iterator[None]:
        """Shorten the step that is made within, the ``count``-th of all."""
        before = [parameter.detach().clone() for parameter in parameters]
        yield
        restarted, length = self.factor < 1, self._next_length(count)
        with torch.no_grad():
            for now, old in zip(parameters, before, strict=True):
                axes = -1, *[1] * (now.dim() - 1)
                shorter = old + length.to(now.dtype).view(axes) * (now - old)
                now.copy_(torch.where(restarted.view(axes), shorter, now))

    def _next_length(self, count: int) -> Tensor:
        """(R,) float64.

        Adam's step is divided by 1 - beta_1^count and by the root of its second mean over
        1 - beta_2^count: what it is to be divided by instead goes by k.
        """
        if self.betas is None:
            return self.factor
        self.fades = self.fades * self.fades.new_tensor(self.betas)
        mean, square = (1 - self.fades).unbind(1)
        whole_mean, whole_square = (1 - beta**count for beta in self.betas)
        return self.factor * (whole_mean / mean) * (square / whole_square).sqrt()
