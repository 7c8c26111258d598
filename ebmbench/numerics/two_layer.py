"""Two layers of spins that couple across: what exact fields and sweeps ask; given couplings."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol, TypeGuard, runtime_checkable

import torch
from torch import Tensor, nn

from ebmbench.numerics import philox
from ebmbench.numerics.noise import Noise


class Couplings(NamedTuple):
    """The numbers of a two-layer model: E(v, h) = -v'W h - a'v - b'h.

    Attributes:
        W: weights, (R, V, H).
        a: visible bias, (R, V); None where the model has none.
        b: hidden bias, (R, H); None where the model has none.
    """

    W: Tensor
    a: Tensor | None
    b: Tensor | None


@runtime_checkable
class TwoLayer(Protocol):
    """What block-Gibbs sampling asks of a model: two layers of spins that only couple across.

    Attributes:
        hidden: H, the number of hidden units.
        field_macs: multiply-adds to find the fields on one layer in a sweep, per configuration.
    """

    hidden: int
    field_macs: int

    def hidden_field(self, v: Tensor) -> Tensor:
        """x = v W + b, (R, N, V) -> (R, N, H)."""

    def visible_field(self, h: Tensor) -> Tensor:
        """h W' + a, (R, N, H) -> (R, N, V)."""

    def couplings(self) -> Couplings:
        """W, a and b; W may have to be formed for this."""


class Factors(NamedTuple):
    """A model whose weights are W = scale xi_v' xi_h, without biases.

    Attributes:
        xi_v: (R, K, V).
        xi_h: (R, K, H).
        scale: a number, the same for all replicas.
    """

    xi_v: Tensor
    xi_h: Tensor
    scale: float


@runtime_checkable
class Factored(Protocol):
    """A two-layer model made of patterns: a kernel may find its fields without forming W."""

    def factors(self) -> Factors:
        """The patterns, and what their product is multiplied by."""


def is_factored(model: object) -> TypeGuard[Factored]:
    """Whether a two-layer model is made of patterns; as ``isinstance``, at a hundredth of its cost.

    Sweeps ask at every update.
    """
    return hasattr(type(model), "factors")


def by_factors(K: int, V: int, H: int) -> bool:
    """Whether sweeps of W = scale xi_v' xi_h find fields by K patterns, W never formed.

    Where K (V + H) multiply-adds are fewer than V H, and both layers are of more than a few units:
    what few units' fields come from is drawn in another way.
    """
    return K * (V + H) < V * H and min(V, H) > philox.FEW


def macs_of_factors(K: int, V: int, H: int) -> int:
    """Multiply-adds of a field on one layer in a sweep of W = scale xi_v' xi_h, per configuration.

    K (V + H) by factors, or else V H, with a W that is formed first.
    """
    return K * (V + H) if by_factors(K, V, H) else V * H


class GivenCouplings(nn.Module):
    """E(v, h) = -v'W h - a'v - b'h of given couplings, which are its parameters and stay fixed.

    F(v) = -a'v - sum_j log 2cosh(x_j), x = v W + b. With :class:`ebmbench.Model` it is a whole
    model, for kernels to sweep::

        class Rungs(GivenCouplings, Model):
            name = "rungs"

    Args:
        couplings: W (R, V, H), a (R, V) and b (R, H); None for a bias that there is not.
    """

    frozen = True

    def __init__(self, couplings: Couplings) -> None:
        W, a, b = couplings
        R, V, H = W.shape
        mixed: Any = type(self)  # with Model, whose constructor comes next
        super().__init__(mixed.Options(), V, Noise(range(R)))  # nothing is drawn
        self.hidden, self.field_macs = H, V * H
        self.W = _fixed(W)
        self.a = None if a is None else _fixed(a)
        self.b = None if b is None else _fixed(b)

    def couplings(self) -> Couplings:
        """The parameters."""
        return Couplings(self.W, self.a, self.b)

    def hidden_field(self, v: Tensor) -> Tensor:
        """x = v W + b, (R, N, V) -> (R, N, H)."""
        return v @ self.W if self.b is None else v @ self.W + self.b.unsqueeze(1)

    def visible_field(self, h: Tensor) -> Tensor:
        """h W' + a, (R, N, H) -> (R, N, V)."""
        return h @ self.W.mT if self.a is None else h @ self.W.mT + self.a.unsqueeze(1)

    def free_energy(self, v: Tensor) -> Tensor:
        """F(v) in nats, (R, N, V) -> (R, N)."""
        linear = 0.0 if self.a is None else (v * self.a.unsqueeze(1)).sum(-1)
        x = self.hidden_field(v)
        return -torch.logaddexp(x, -x).sum(-1) - linear


def _fixed(numbers: Tensor) -> nn.Parameter:
    return nn.Parameter(numbers.detach(), requires_grad=False)
