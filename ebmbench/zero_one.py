"""Units of 0 and 1 in the place of spins, as most libraries have them."""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ebmbench.kernel import TwoLayer
from ebmbench.model import Model

Floats = NDArray[np.float64]


class OneModel(NamedTuple):
    """-E = v'W h + a'v + b'h of a single replica, in float64.

    Attributes:
        W: (V, H).
        a: (V,), zero where the model has no visible bias.
        b: (H,), zero where the model has no hidden bias.
    """

    W: Floats
    a: Floats
    b: Floats

    def zero_one(self) -> OneModel:
        """The same distribution over units n = (1 + v) / 2 and m = (1 + h) / 2.

        v'W h + a'v + b'h = n'(4W) m + (2a - 2 W 1)'n + (2b - 2 W'1)'m + constant,
        by v = 2n - 1 and h = 2m - 1.
        """
        W, a, b = self
        return OneModel(4 * W, 2 * (a - W.sum(1)), 2 * (b - W.sum(0)))


def one_models(model: Model) -> list[OneModel]:
    """The R replicas of a two-layer model, one by one."""
    W, a, b = cast(TwoLayer, model).couplings()
    R, V, H = W.shape
    parts = (_float64(part, shape) for part, shape in ((W, (R, V, H)), (a, (R, V)), (b, (R, H))))
    return [OneModel(*replica) for replica in zip(*parts, strict=True)]


def to_zero_one(v: Floats) -> Floats:
    """Spins as 0 and 1; an erased unit, 0, becomes 1/2."""
    return (v + 1) / 2


def to_spins(n: Floats) -> Floats:
    """0 and 1 as spins."""
    return 2 * n - 1


def _float64(part: Tensor | None, shape: tuple[int, ...]) -> Floats:
    """The numbers, or zeros where there are none."""
    return np.zeros(shape) if part is None else part.detach().cpu().double().numpy()
