"""Noise whose small draws need no compiler: for a plan, which draws little and is to be there soon.

Loading numba takes half a second, more than the draws of a small model in tensor operations.
"""

from __future__ import annotations

import math

import torch
from numpy.typing import ArrayLike
from torch import Tensor

from ebmbench.numerics import philox, philox_tensor
from ebmbench.numerics.noise import Noise

SMALL = 1 << 18  # numbers of a draw: beyond, compiled code is sooner there


class TensorNoise(Noise):
    """The numbers of :class:`Noise`, on the CPU; normal ones up to their last bits."""

    def words(self, rows: int, columns: int) -> Tensor:
        if self.replicas * rows * columns > SMALL:
            return super().words(rows, columns)
        return philox_tensor.words(self.key_bits, self.first_draw(), (rows, columns))

    def normal(self, rows: int, columns: int) -> Tensor:
        """Standard normal numbers, (R, rows, columns) float32 (Box and Muller 1958)."""
        if self.replicas * rows * columns > SMALL:
            return super().normal(rows, columns)
        shares = self.words(rows, 2 * columns).double() * 2.0**-32
        pairs = shares.view(self.replicas, rows, columns, 2)
        radius = torch.sqrt(-2.0 * torch.log(pairs[..., 0] + 2.0**-33))
        return (radius * torch.cos(2.0 * math.pi * pairs[..., 1])).float()

    def spins(
        self,
        field: Tensor,
        beta: float | Tensor = 1.0,
        step: Tensor | ArrayLike = 1.0,
        given: int | None = None,
    ) -> Tensor:
        if field.numel() > SMALL:
            return super().spins(field, beta, step, given)
        words = philox_tensor.words(
            self.key_bits, self.first_draw(), field.shape[1:], philox.in_halves(given)
        )
        scale = philox_tensor.draw_scale(self._each(step), beta).unsqueeze(2)
        return philox_tensor.spins(field.detach().float() * scale, words)
