"""What hybrid machines have in common: visible spins, Gaussian hidden units."""

from __future__ import annotations

from abc import abstractmethod
from typing import Protocol, runtime_checkable

from torch import Tensor

from ebmbench import Model


@runtime_checkable
class GaussianHidden(Protocol):
    """What the kernel asks of a model: spins v, and p(h | v) = N(mean, 1).

    Attributes:
        hidden: H, the number of hidden units.
        field_macs: multiply-adds to find the fields on one layer, per configuration.
    """

    hidden: int
    field_macs: int

    def hidden_mean(self, v: Tensor) -> Tensor:
        """<h> given v, (R, N, V) -> (R, N, H)."""

    def visible_field(self, h: Tensor) -> Tensor:
        """The field on v given h, (R, N, H) -> (R, N, V)."""


class Hybrid(Model):
    """Interface: E(v, h) = h'h / 2 - v'W h - a'v with spins v and real h; F integrates h out.

    h given v is normal around v'W with variance 1, so F(v) = -|v'W|^2 / 2 - a'v, apart from the
    constant -H log(2 pi) / 2: the Hopfield model with couplings W W' (Barra, Bernacchia, Santucci
    and Contucci 2012, "On the equivalence of Hopfield networks and Boltzmann machines").
    """

    hidden: int
    field_macs: int

    @abstractmethod
    def hidden_mean(self, v: Tensor) -> Tensor:
        """<h> = v W given v, (R, N, V) -> (R, N, H)."""

    @abstractmethod
    def visible_field(self, h: Tensor) -> Tensor:
        """h W' + a, (R, N, H) -> (R, N, V)."""

    @abstractmethod
    def bias_term(self, v: Tensor) -> Tensor | float:
        """a'v, (R, N, V) -> (R, N)."""

    def free_energy(self, v: Tensor) -> Tensor:
        """F(v) + H log(2 pi) / 2 in nats, (R, N, V) -> (R, N)."""
        return -self.hidden_mean(v).square().sum(-1) / 2 - self.bias_term(v)

    def energy(self, v: Tensor, h: Tensor) -> Tensor:
        """E(v, h) in nats, (R, N, V), (R, N, H) -> (R, N)."""
        return (h * (h / 2 - self.hidden_mean(v))).sum(-1) - self.bias_term(v)
