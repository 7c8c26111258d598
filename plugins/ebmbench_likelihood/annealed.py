"""The distribution at one rung of the ladder, as a model that a kernel can sweep."""

from __future__ import annotations

from typing import cast

from torch import Tensor

from ebmbench import Couplings, Model, Noise
from ebmbench.numerics import log_2cosh


class Annealed(Model):
    """beta E(v, h) = -beta v'W h - (beta a + (1 - beta) a0)'v - beta b'h, swept at ``beta`` > 0.

    The geometric path from a base with bias a0 to a model with W, a and b: the couplings are the
    model's, but for the visible bias a + (1/beta - 1) a0. A kernel that is told beta multiplies
    all of them by it.

    Args:
        couplings: of the model at the ladder's end.
        a0: the base's bias, (R, V).
        beta: the rung.
    """

    name = "annealed"

    def __init__(self, couplings: Couplings, a0: Tensor, beta: float) -> None:
        W, a, b = couplings
        super().__init__(self.Options(), W.shape[1], Noise(range(len(W)), device=W.device))
        shift = (1 / beta - 1) * a0
        self.hidden = W.shape[2]
        self.field_macs = W[0].numel()
        self._couplings = Couplings(W, shift if a is None else a + shift, b)

    def couplings(self) -> Couplings:
        """W, the visible bias of this rung, and b."""
        return self._couplings

    def hidden_field(self, v: Tensor) -> Tensor:
        """x = v W + b, (R, N, V) -> (R, N, H)."""
        W, _, b = self._couplings
        return v @ W if b is None else v @ W + b.unsqueeze(1)

    def visible_field(self, h: Tensor) -> Tensor:
        """h W' and the bias, (R, N, H) -> (R, N, V)."""
        W, a, _ = self._couplings
        return h @ W.mT + cast(Tensor, a).unsqueeze(1)

    def free_energy(self, v: Tensor) -> Tensor:
        """F(v) of these couplings at inverse temperature 1, (R, N, V) -> (R, N)."""
        bias = cast(Tensor, self._couplings.a).unsqueeze(1)
        return -log_2cosh(self.hidden_field(v)).sum(-1) - (v * bias).sum(-1)
