"""Where annealing starts: independent units, whose log Z is known."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from ebmbench import Couplings, Noise
from ebmbench.numerics import log_2cosh


class Base(NamedTuple):
    """p_0(v, h) ~ exp(a0'v): independent visible units, and hidden units that are fair coins.

    Attributes:
        a0: (R, V).
        flat: whether this is the uniform distribution, whatever the data; a0 is then 0.
    """

    a0: Tensor
    flat: bool

    @classmethod
    def uniform(cls, v: Tensor) -> Base:
        """All states alike; of ``v`` (R, N, V) only the shape matters."""
        return cls(torch.zeros_like(v[:, 0]), flat=True)

    @classmethod
    def fitted(cls, v: Tensor) -> Base:
        """a0 = atanh(mean of ``v``), with a spin of each sign added so that none is certain.

        Salakhutdinov and Murray 2008, sec. 4.2. The last bit of a logarithm depends on where in
        memory a number stands, hence on which replicas share a block; that of float64 is rounded
        off.
        """
        mean = v.sum(1).double() / (v.shape[1] + 2)
        a0 = (torch.log1p(mean) - torch.log1p(-mean)) / 2
        return cls(a0.to(v.dtype), flat=False)

    @classmethod
    def either(cls, choose: Tensor, one: Base, other: Base) -> Base:
        """``one`` for the replicas that are chosen (R,), ``other`` for the rest."""
        return cls(torch.where(choose.unsqueeze(1), one.a0, other.a0), one.flat and other.flat)

    def log_z(self, hidden: int) -> Tensor:
        """sum_i log 2cosh(a0_i) + H log 2, (R,) float64."""
        return log_2cosh(self.a0.double()).sum(1) + hidden * math.log(2.0)

    def draw(self, chains: int, noise: Noise) -> Tensor:
        """v ~ p_0, (R, chains, V)."""
        return noise.spins(self.a0.unsqueeze(1).expand(-1, chains, -1))


def has_mirror(couplings: Couplings) -> bool:
    """Whether F(v) = F(-v), as for all two-layer models without biases.

    Half of such a model is where no base fitted to the data leads, and it is log 2 of log Z.
    """
    return couplings.a is None and couplings.b is None
