"""The energy of all units together."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


class Joint(NamedTuple):
    """E(s) = -unit (s'J s / 2 + c's) for s = (v, h).

    Attributes:
        J: couplings, (R, U, U), symmetric, 0 on the diagonal.
        c: biases, (R, U); None where there are none.
        unit: what J and c are multiplied by, so that those of spin patterns are integers.
    """

    J: Tensor
    c: Tensor | None
    unit: float = 1.0

    def field(self, s: Tensor) -> Tensor:
        """unit (s J + c), (R, N, U) -> (R, N, U)."""
        x = s @ self.J
        return self.unit * (x if self.c is None else x + self.c.unsqueeze(1))

    def energy(self, s: Tensor) -> Tensor:
        """E(s) in nats, (R, N, U) -> (R, N)."""
        return self.energy_in(s, self.field(s))

    def energy_in(self, s: Tensor, field: Tensor) -> Tensor:
        """E(s), given the field at s."""
        # s'J s / 2 + c's = s'(J s + c) / 2 + c's / 2
        twice = field if self.c is None else field + self.unit * self.c.unsqueeze(1)
        return -(s * twice).sum(-1) / 2
