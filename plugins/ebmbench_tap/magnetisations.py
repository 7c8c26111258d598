"""Magnetisations of two layers of spins, and the equations that they solve at a fixed point.

Plefka's expansion of the free energy at given magnetisations m of the visible and n of the hidden
units, to second order in the couplings (Plefka 1982; for RBMs Gabrie, Tramel and Krzakala 2015):

    G = -S(m) - S(n) - a'm - b'n - m'W n - (1 - m^2)'W^2 (1 - n^2) / 2,

S the entropy of spins with these means, squares element by element. dG = 0 are the equations of
Thouless, Anderson and Palmer 1977,

    m = tanh(a + W n - m W^2 (1 - n^2)),   n = tanh(b + W'm - n W^2'(1 - m^2)),

and there -G is nearly log Z. To first order, without W^2, they are those of the naive mean field.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from ebmbench import Couplings
from ebmbench.numerics import mean_spin_


class Magnetisations(NamedTuple):
    """N pairs of them per replica.

    Attributes:
        m: <v>, (R, N, V).
        n: <h>, (R, N, H).
    """

    m: Tensor
    n: Tensor


class Expansion(NamedTuple):
    """G of a model, to first or second order.

    Attributes:
        couplings: W (R, V, H) and the biases.
        W2: W^2, element by element; None to first order.
    """

    couplings: Couplings
    W2: Tensor | None

    @classmethod
    def of(cls, couplings: Couplings, order: int) -> Expansion:
        """To first or second order in W."""
        return cls(couplings, couplings.W.square() if order == 2 else None)

    def visible(self, now: Magnetisations) -> Tensor:
        """tanh(a + W n - m W^2 (1 - n^2)), (R, N, V)."""
        W, a, _ = self.couplings
        field = _plus(now.n @ W.mT, a)
        if self.W2 is not None:
            field -= now.m * (_variance(now.n) @ self.W2.mT)
        return mean_spin_(field)

    def hidden(self, now: Magnetisations) -> Tensor:
        """tanh(b + W'm - n W^2'(1 - m^2)), (R, N, H)."""
        W, _, b = self.couplings
        field = _plus(now.m @ W, b)
        if self.W2 is not None:
            field -= now.n * (_variance(now.m) @ self.W2)
        return mean_spin_(field)

    def iterated(self, now: Magnetisations, iterations: int, damping: float) -> Magnetisations:
        """After some rounds, v first and h from it; each keeps ``damping`` of the old ones."""
        for _ in range(iterations):
            now = now._replace(m=damping * now.m + (1 - damping) * self.visible(now))
            now = now._replace(n=damping * now.n + (1 - damping) * self.hidden(now))
        return now

    def residual(self, now: Magnetisations) -> Tensor:
        """By how much the equations are missed, the largest of all units, (R, N)."""
        on_visible = (self.visible(now) - now.m).abs().amax(2)
        return torch.maximum(on_visible, (self.hidden(now) - now.n).abs().amax(2))

    def slopes(self, now: Magnetisations) -> Couplings:
        """dG/dW, dG/da and dG/db at fixed magnetisations, the mean over all pairs."""
        m, n = now
        W, N = self.couplings.W, m.shape[1]
        on_W = m.mT @ n
        if self.W2 is not None:
            on_W += W * (_variance(m).mT @ _variance(n))
        return Couplings(on_W / -N, m.sum(1) / -N, n.sum(1) / -N)

    def free_energy(self, now: Magnetisations) -> Tensor:
        """G in nats, (R, N) float64."""
        m, n = now.m.double(), now.n.double()
        W, a, b = (None if each is None else each.double() for each in self.couplings)
        assert W is not None
        G = -_entropy(m) - _entropy(n) - ((m @ W) * n).sum(2)
        for units, bias in ((m, a), (n, b)):
            if bias is not None:
                G -= (units * bias.unsqueeze(1)).sum(2)
        if self.W2 is not None:
            G -= ((_variance(m) @ W.square()) * _variance(n)).sum(2) / 2
        return G


def _plus(field: Tensor, bias: Tensor | None) -> Tensor:
    return field if bias is None else field + bias.unsqueeze(1)


def _variance(means: Tensor) -> Tensor:
    """Of spins with these means."""
    return 1 - means.square()


def _entropy(means: Tensor) -> Tensor:
    """Of independent spins with these means, in nats, (R, N, units) -> (R, N)."""
    p = (1 + means) / 2
    return -(torch.xlogy(p, p) + torch.xlogy(1 - p, 1 - p)).sum(2)
