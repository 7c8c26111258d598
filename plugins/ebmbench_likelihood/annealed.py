"""The distribution at one rung of the ladder, as a model that a kernel can sweep."""

from __future__ import annotations

from torch import Tensor

from ebmbench import Couplings, Model, Noise
from ebmbench.numerics import log_2cosh


class Annealed(Model):
    """beta E(v, h) = -beta v'W h - (beta a + (1 - beta) a0)'v - beta b'h, swept at ``beta`` > 0.

    The geometric path from a base with bias a0 to a model with W, a and b: the couplings are the
    model's, but for the visible bias a + (1/beta - 1) a0. A kernel that is told beta multiplies
    all of them by it. From the uniform base they are the model's at every rung.

    Args:
        couplings: of the model at the ladder's end; they stay as they are.
        a0: the base's bias, (R, V); None for the uniform base.
        beta: the rung.
    """

    name = "annealed"

    frozen = True

    def __init__(self, couplings: Couplings, a0: Tensor | None = None, beta: float = 1.0) -> None:
        W, a, b = (None if part is None else part.detach() for part in couplings)
        assert W is not None
        super().__init__(self.Options(), W.shape[1], Noise(range(len(W)), device=W.device))
        self.hidden = W.shape[2]
        self.field_macs = W[0].numel()
        if a0 is not None:
            shift = (1 / beta - 1) * a0
            a = shift if a is None else a + shift
        self._couplings = Couplings(W, a, b)

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
        return h @ W.mT if a is None else h @ W.mT + a.unsqueeze(1)

    def free_energy(self, v: Tensor) -> Tensor:
        """F(v) of these couplings at inverse temperature 1, (R, N, V) -> (R, N)."""
        a = self._couplings.a
        linear = 0.0 if a is None else (v * a.unsqueeze(1)).sum(-1)
        return -log_2cosh(self.hidden_field(v)).sum(-1) - linear
