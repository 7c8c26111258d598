"""The RBM with regularised axons: its weights are made of patterns."""

from __future__ import annotations

import math
from functools import partial

import torch
from pydantic import Field
from torch import Tensor, nn

from ebmbench import (
    Binarize,
    Cost,
    Couplings,
    Factors,
    Model,
    Moment,
    Noise,
    Particles,
    Patterns,
    Phase,
)
from ebmbench.numerics import log_2cosh, macs_of_factors, mean_spin_
from ebmbench_rapid.thin_phase import FEW, is_compiled, thin_phase
from ebmbench_rapid.wide_phase import held, wide_phase


class RARBM(Model):
    """W = scale xi_v' xi_h / sqrt(K): an RBM of spins whose parameters are K patterns.

    Regularised axons, eq. 5 of Pozas-Kerstjens et al. 2021. Phases never form W: a field is
    x = ((v xi_v') xi_h) / sqrt(K), K (V + H) multiply-adds instead of V H, and the derivatives are
    two thin products (the paper's appendix D rebuilds W in K V H). Gibbs sweeps go by patterns
    too, where K (V + H) < V H and neither layer is small; else they form W once, in K V H. The
    paper's scale is 1; it stays what it is in training. Formulas below are written for it, where
    ``self.scale`` is scale / sqrt(K).

    Parameters: ``xi_v`` (R, K, V) and ``xi_h`` (R, K, H), fair random spins at the start. An
    optimiser moves them off +1/-1; ``binarize`` says how and when they are brought back.
    """

    name = "ra-rbm"
    cites = ("pozaskerstjens2021",)

    class Options(Model.Options):
        hidden: int = Field(ge=1, le=100_000, description="H, the number of hidden units")
        patterns: int = Field(ge=1, le=100_000, description="K, the number of patterns")
        scale: float = Field(
            1.0,
            gt=0,
            description="What W is multiplied by: its standard deviation where patterns are spins",
        )
        binarize: Binarize = Field(Binarize(), description="How patterns are brought back to spins")

    def __init__(self, options: Options, visible: int, noise: Noise) -> None:
        super().__init__(options, visible, noise)
        self.hidden = options.hidden
        self.field_macs = macs_of_factors(options.patterns, visible, self.hidden)
        self.scale = options.scale / math.sqrt(options.patterns)
        self.xi_v = nn.Parameter(noise.coins(options.patterns, visible))
        self.xi_h = nn.Parameter(noise.coins(options.patterns, self.hidden))

    @property
    def replayable(self) -> bool:
        return True

    @property
    def patterns(self) -> Patterns:
        """The parameters, and scale / sqrt(K)."""
        return Patterns(self.xi_v, self.xi_h, self.scale)

    def hidden_field(self, v: Tensor) -> Tensor:
        """x = ((v xi_v') xi_h) / sqrt(K), (R, N, V) -> (R, N, H)."""
        return self.patterns.hidden_field(v)

    def visible_field(self, h: Tensor) -> Tensor:
        """((h xi_h') xi_v) / sqrt(K), (R, N, H) -> (R, N, V)."""
        return self.patterns.visible_field(h)

    def couplings(self) -> Couplings:
        """W = xi_v' xi_h / sqrt(K), formed here, and no biases."""
        return Couplings(self.patterns.weights(), None, None)

    def factors(self) -> Factors:
        """The patterns, the parameters themselves, and scale / sqrt(K)."""
        return Factors(*self.patterns)

    def free_energy(self, v: Tensor) -> Tensor:
        """F(v) = -sum_alpha log 2cosh(x_alpha) in nats, (R, N, V) -> (R, N)."""
        return -log_2cosh(self.hidden_field(v)).sum(-1)

    def energy(self, v: Tensor, h: Tensor) -> Tensor:
        """E(v, h) = -v'W h in nats, (R, N, V), (R, N, H) -> (R, N)."""
        return -(self.hidden_field(v) * h).sum(-1)

    @torch.no_grad()
    def phase(self, particles: Particles) -> Phase:
        """dF/dxi_v[k] = -(xi_h[k].t) v / sqrt(K), dF/dxi_h[k] = -(xi_v[k].v) t / sqrt(K).

        t = tanh(x), or t = h where h is given.
        """
        if is_compiled(particles, self.xi_v):
            phase = thin_phase if particles.v.shape[1] <= FEW else wide_phase
            return phase(particles, self.xi_v, self.xi_h, self.scale)
        return self.patterns.phase(particles, mean_spin_)

    def phase_cost(self, particles: int) -> Cost:
        """Two overlaps, the field, and two thin products."""
        K, V = self.xi_v.shape[1:]
        cost = self.patterns.phase_cost(particles)
        return cost._replace(held=max(cost.held, held(K, V, self.hidden)))

    def joint_phase_cost(self, particles: int) -> Cost:
        """Two overlaps and two thin products."""
        return self.patterns.joint_phase_cost(particles)

    def project(self, when: Moment, noise: Noise) -> None:
        """Bring the patterns back to spins where the schedule says so."""
        if self.options.binarize.is_due(when):  # asked first: it comes after every update
            self.patterns.project(self.options.binarize, when, partial(self._resampled, noise))

    def _resampled(self, noise: Noise, xi_v: Tensor, xi_h: Tensor) -> tuple[Tensor, Tensor]:
        """xi_h ~ p(h | xi_v), then xi_v ~ p(v | xi_h)."""
        h = noise.spins(self.hidden_field(xi_v))
        return noise.spins(self.visible_field(h)), h
