"""A single replica's numbers, as libraries that know one model at a time take them."""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ebmbench.interfaces.model import Model
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.two_layer import TwoLayer

Floats = NDArray[np.float64]


class SingleReplica(NamedTuple):
    """-E = v'W h + a'v + b'h of a single replica, in float64.

    Attributes:
        W: (V, H).
        a: (V,), zero where the model has no visible bias.
        b: (H,), zero where the model has no hidden bias.
    """

    W: Floats
    a: Floats
    b: Floats

    def zero_one(self) -> SingleReplica:
        """The same distribution over units n = (1 + v) / 2 and m = (1 + h) / 2.

        v'W h + a'v + b'h = n'(4W) m + (2a - 2 W 1)'n + (2b - 2 W'1)'m + constant,
        by v = 2n - 1 and h = 2m - 1.
        """
        W, a, b = self
        return SingleReplica(4 * W, 2 * (a - W.sum(1)), 2 * (b - W.sum(0)))

    def spins(self) -> SingleReplica:
        """Back from units of 0 and 1: the inverse of ``zero_one``, of differences too."""
        W = self.W / 4
        return SingleReplica(W, self.a / 2 + W.sum(1), self.b / 2 + W.sum(0))


def single_replicas(model: Model) -> list[SingleReplica]:
    """The R replicas of a two-layer model, one by one."""
    W, a, b = cast(TwoLayer, model).couplings()
    R, V, H = W.shape
    parts = (_float64(part, shape) for part, shape in ((W, (R, V, H)), (a, (R, V)), (b, (R, H))))
    return [SingleReplica(*replica) for replica in zip(*parts, strict=True)]


def seeds_of(noise: Noise) -> list[int]:
    """A seed of 63 bits for each replica."""
    high, low = noise.words(1, 2).squeeze(1).unbind(-1)  # (R,) each
    seeds: list[int] = (((high >> 1) << 32) | low).tolist()
    return seeds


def to_zero_one(v: Floats) -> Floats:
    """Spins as 0 and 1; an erased unit, 0, becomes 1/2."""
    return (v + 1) / 2


def to_spins(n: Floats) -> Floats:
    """0 and 1 as spins."""
    return 2 * n - 1


def _float64(part: Tensor | None, shape: tuple[int, ...]) -> Floats:
    """The numbers, or zeros where there are none."""
    return np.zeros(shape) if part is None else part.detach().cpu().double().numpy()
