"""The distribution at one rung of the ladder, as a model that a kernel can sweep."""

from __future__ import annotations

from torch import Tensor

from ebmbench import Couplings, Model
from ebmbench.numerics import GivenCouplings


class Annealed(GivenCouplings, Model):
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

    def __init__(self, couplings: Couplings, a0: Tensor | None = None, beta: float = 1.0) -> None:
        W, a, b = couplings
        if a0 is not None:
            shift = (1 / beta - 1) * a0
            a = shift if a is None else a + shift
        super().__init__(Couplings(W, a, b))
