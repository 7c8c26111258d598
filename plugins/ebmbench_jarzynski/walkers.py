"""Walkers with weights that carry them from one model to the next without bias."""

from __future__ import annotations

import math
from typing import NamedTuple, cast

import torch
from torch import Tensor

from ebmbench import Chains, Model, Noise, Sweeper, TwoLayer
from ebmbench.numerics import log_cosh_sums


class Walkers(NamedTuple):
    """N walkers per replica: E[e^A f(v)] = e^-L Z <f> at the model that they have reached.

    Attributes:
        v: where they are, (R, N, V).
        F: their free energies at the model that they moved by last, (R, N) float64, in nats.
        log_weight: A, (R, N) float64.
        log_z: L, what is known of log Z from before the last resampling, (R,) float64.
        variance: of L, by the delta method, (R,) float64.
    """

    v: Tensor
    F: Tensor
    log_weight: Tensor
    log_z: Tensor
    variance: Tensor

    def at(self, model: Model) -> Walkers:
        """Weighed for ``model``, at their places: A += F - F_model(v), before they move."""
        F = free_energies(model, self.v, 1.0)
        return self._replace(F=F, log_weight=self.log_weight + self.F - F)

    def moved(self, model: Model, sweeper: Sweeper, k: int, noise: Noise) -> Walkers:
        """After k Gibbs steps, which leave the model's law, and so the weights, as they are."""
        v = sweeper.run_chains(model, Chains(self.v), k, 1.0, noise).v
        return self._replace(v=v, F=free_energies(model, v, 1.0))

    def resampled(self, least: float, noise: Noise) -> Walkers:
        """Drawn by weight, systematically, in replicas with fewer effective samples than ``least``.

        One uniform number per replica is drawn whether it is used or not: what happens to one
        replica moves no other's random numbers.
        """
        u = noise.uniform(1, 1)[:, 0].double()
        poor = self.ess < least
        index = torch.where(poor.unsqueeze(1), _systematic(self.weights, u), _same(self.F))
        v = self.v.gather(1, index.unsqueeze(2).expand_as(self.v))
        return Walkers(
            v,
            self.F.gather(1, index),
            torch.where(poor.unsqueeze(1), 0.0, self.log_weight),
            torch.where(poor, self.log_z_reached, self.log_z),
            torch.where(poor, self.error**2, self.variance),
        )

    @property
    def weights(self) -> Tensor:
        """Their shares, which sum to one, (R, N)."""
        return torch.softmax(self.log_weight, 1)

    @property
    def ess(self) -> Tensor:
        """Effective samples, 1 to N, (R,): 1 / sum of squared shares (Kish)."""
        return 1 / self.weights.square().sum(1)

    @property
    def log_z_reached(self) -> Tensor:
        """log Z of the model that they were weighed for last, (R,), in nats."""
        return self.log_z + torch.logsumexp(self.log_weight, 1) - math.log(self.v.shape[1])

    @property
    def error(self) -> Tensor:
        """Its standard error by the delta method, (R,), in nats."""
        N = self.v.shape[1]
        return ((1 / self.ess - 1 / N).clamp(min=0) * N / max(N - 1, 1) + self.variance).sqrt()


def annealed(model: Model, sweeper: Sweeper, count: int, steps: int, noise: Noise) -> Walkers:
    """Walkers that start as fair coins, the model at beta = 0, and are cooled to the model.

    Annealed importance sampling (Neal 2001), a Gibbs step at each of ``steps`` temperatures.
    """
    V, H = model.visible, cast(TwoLayer, model).hidden
    v = noise.coins(count, V)
    F = torch.full(v.shape[:2], -H * math.log(2.0), dtype=torch.float64, device=v.device)
    log_weight = torch.zeros_like(F)
    for step in range(1, steps + 1):
        beta = step / steps
        log_weight += F - free_energies(model, v, beta)
        v = sweeper.run_chains(model, Chains(v), 1, beta, noise).v
        F = free_energies(model, v, beta)
    log_z = log_weight.new_full(log_weight.shape[:1], (V + H) * math.log(2.0))
    return Walkers(v, F, log_weight, log_z, torch.zeros_like(log_z))


@torch.no_grad()
def free_energies(model: Model, v: Tensor, beta: float) -> Tensor:
    """-beta a'v - sum_j log 2cosh(beta x_j), v (R, N, V) -> (R, N) float64, in nats."""
    two_layers = cast(TwoLayer, model)
    a = two_layers.couplings().a
    betas = torch.full((len(v), 1), beta, dtype=torch.float64, device=v.device)
    F = -log_cosh_sums(two_layers.hidden_field(v), betas)[:, 0]
    if a is None:
        return F
    # float64: a float32 product's last bit depends on who shares the block
    return F - beta * (v.double() @ a.double().unsqueeze(2)).squeeze(2)


def _systematic(weights: Tensor, u: Tensor) -> Tensor:
    """Whose turn it is at (u + 0, 1, ..., N - 1) / N of the cumulated weights, (R, N)."""
    N = weights.shape[1]
    turns = (u + torch.arange(N, dtype=u.dtype, device=u.device)) / N
    return torch.searchsorted(weights.cumsum(1), turns, right=True).clamp(max=N - 1)


def _same(of: Tensor) -> Tensor:
    return torch.arange(of.shape[1], device=of.device).expand(of.shape)
