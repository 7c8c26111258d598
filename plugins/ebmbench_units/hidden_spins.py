"""What models of hidden spins have in common, whatever their visible units are."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from ebmbench import Cost, Model, Noise, Particles, product_cost
from ebmbench.numerics import SPINS, log_2cosh, rows_of_part

LARGEST = 20  # hidden units whose states are summed over: a million
STATES = 1 << 12  # hidden states at a time


class HiddenSpins(Model):
    """Interface: E(v, h) = E_v(v) - x(v)'h with spins h = +1/-1 in fields x that v makes.

    F(v) = E_v(v) - sum_alpha log 2cosh(x_alpha). A subclass says what E_v and x are, draws v given
    h, and integrates v out given h.

    Attributes:
        hidden: H, the number of hidden units.
        W: (R, V, H).
        b: (R, H).
    """

    hidden: int
    W: nn.Parameter
    b: nn.Parameter

    @abstractmethod
    def hidden_field(self, v: Tensor) -> Tensor:
        """x(v), (R, N, V) -> (R, N, H)."""

    @abstractmethod
    def visible_energy(self, v: Tensor) -> Tensor:
        """E_v(v), (R, N, V) -> (R, N)."""

    @abstractmethod
    def draw_visible(self, h: Tensor, beta: float | Tensor, noise: Noise) -> Tensor:
        """v ~ p(v | h) at inverse temperature beta, one or (R, N), (R, N, H) -> (R, N, V)."""

    @abstractmethod
    def log_sum_of_visible(self, h: Tensor) -> Tensor:
        """log of the sum over v of exp(-E(v, h)), (R, S, H) float64 -> (R, S) float64."""

    def free_energy(self, v: Tensor) -> Tensor:
        """F(v) in nats, (R, N, V) -> (R, N)."""
        return self.visible_energy(v) - log_2cosh(self.hidden_field(v)).sum(-1)

    def energy(self, v: Tensor, h: Tensor) -> Tensor:
        """E(v, h) in nats, (R, N, V), (R, N, H) -> (R, N)."""
        return self.visible_energy(v) - (self.hidden_field(v) * h).sum(-1)

    def cannot_sum(self) -> str | None:
        """Why log Z cannot be had; None if it can."""
        if self.hidden <= LARGEST:
            return None
        return f"H={self.hidden} are too many hidden units to enumerate: {LARGEST} at most"

    @torch.no_grad()
    def log_z(self) -> Tensor:
        """log Z in nats, (R,) float64: a sum over the states of the hidden units."""
        parts = [self.log_sum_of_visible(h).logsumexp(1) for h in self._hidden_states()]
        return torch.stack(parts, 1).logsumexp(1)

    def phase_cost(self, particles: int) -> Cost:
        """Two products, the field and v t'; fields are held for a part at a time."""
        joint = self.joint_phase_cost(particles)
        field = product_cost(particles, self.visible, self.hidden)
        return (field + joint)._replace(held=joint.held)

    def joint_phase_cost(self, particles: int) -> Cost:
        """The product v h' alone."""
        V, H = self.visible, self.hidden
        held = 4.0 * (min(particles, rows_of_part(H)) * (V + H) + V * H)
        return product_cost(V, particles, H)._replace(held=held)

    def _hidden_states(self) -> Iterator[Tensor]:
        """All of them, (R, at most STATES, H) float64 at a time."""
        every = SPINS.states(self.hidden).to(self.W.device, torch.float64)
        for h in torch.split(every, STATES):
            yield h.expand(self.replicas, -1, -1)


def mean_of_hidden(x: Tensor, particles: Particles) -> Tensor:
    """t = tanh(x), or h where the particles say what the hidden units are."""
    return torch.tanh(x) if particles.h is None else particles.h


def per_row(beta: float | Tensor, like: Tensor) -> float | Tensor:
    """An inverse temperature, or one per row (R, N), to multiply the columns of rows with."""
    return beta.to(like.dtype).unsqueeze(2) if isinstance(beta, Tensor) else beta
