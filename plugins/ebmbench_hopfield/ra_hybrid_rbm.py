"""The restricted hybrid Boltzmann machine with regularised axons."""

from __future__ import annotations

import math
from functools import partial

import torch
from pydantic import Field
from torch import Tensor, nn

from ebmbench import (
    Binarize,
    Cost,
    Moment,
    Noise,
    Particles,
    Phase,
    phase_in_parts,
    product_cost,
    rows_of_part,
    spin_sign,
)
from ebmbench_hopfield.hybrid import Hybrid


class RAHybridRBM(Hybrid):
    """W = scale xi_v' xi_h / sqrt(K) in the hybrid RBM: F(v) = -|v'W|^2 / 2.

    Summed over h it is a Hopfield model whose K stored patterns xi_v interact through their hidden
    parts, J = scale^2 xi_v' (xi_h xi_h') xi_v / K (appendix E2 of Pozas-Kerstjens et al. 2021); F
    leaves out the constant -H log(2 pi) / 2. Where patterns are spins, xi_h xi_h' is about H, so
    scale 1/sqrt(H V) makes it Hopfield's J = xi_v' xi_v / (K V).

    Parameters: ``xi_v`` (R, K, V) and ``xi_h`` (R, K, H), fair random spins at the start. The
    gibbs rule of ``binarize`` draws h given xi_v, takes its signs, and draws v given them.
    """

    name = "ra-hybrid-rbm"

    class Options(Hybrid.Options):
        hidden: int = Field(ge=1, description="H, the number of hidden units")
        patterns: int = Field(ge=1, description="K, the number of patterns")
        scale: float = Field(
            1.0, gt=0, description="What W is multiplied by, such as 1/sqrt(H V); not trained"
        )
        binarize: Binarize = Field(Binarize(), description="How patterns are brought back to spins")

    def __init__(self, options: Options, visible: int, noise: Noise) -> None:
        super().__init__(options, visible, noise)
        self.hidden = options.hidden
        self.field_macs = options.patterns * (visible + self.hidden)
        self.scale = options.scale / math.sqrt(options.patterns)
        self.xi_v = nn.Parameter(noise.coins(options.patterns, visible))
        self.xi_h = nn.Parameter(noise.coins(options.patterns, self.hidden))

    def hidden_mean(self, v: Tensor) -> Tensor:
        """<h> = scale ((v xi_v') xi_h) / sqrt(K) given v, (R, N, V) -> (R, N, H)."""
        return (self.scale * (v @ self.xi_v.mT)) @ self.xi_h

    def visible_field(self, h: Tensor) -> Tensor:
        """scale ((h xi_h') xi_v) / sqrt(K), (R, N, H) -> (R, N, V)."""
        return (self.scale * (h @ self.xi_h.mT)) @ self.xi_v

    def bias_term(self, v: Tensor) -> Tensor | float:
        """There is no bias."""
        return 0.0

    def phase(self, particles: Particles) -> Phase:
        """dF/dxi_v[k] = -(xi_h[k].x) v scale / sqrt(K), dF/dxi_h[k] likewise with (xi_v[k].v) x.

        x = <h> given v, or x = h where h is given.
        """
        return phase_in_parts(particles, self.hidden, self._phase_of_part)

    def _phase_of_part(self, particles: Particles) -> Phase:
        v, h, _ = particles
        overlap_v = v @ self.xi_v.mT  # (R, N, K)
        x = (self.scale * overlap_v) @ self.xi_h if h is None else h
        overlap_h = x @ self.xi_h.mT  # (R, N, K)
        weighted_h, weighted_v = (
            -self.scale * particles.weighted(overlap) for overlap in (overlap_h, overlap_v)
        )
        return weighted_h.mT @ v, weighted_v.mT @ x

    def phase_cost(self, particles: int) -> Cost:
        """Two overlaps, the mean of h, and two thin products: 2 K (V + H) + K H per particle."""
        K, V, H, N = self.options.patterns, self.visible, self.hidden, particles
        overlaps = product_cost(N, V, K) + product_cost(N, H, K)
        gradients = product_cost(K, N, V) + product_cost(K, N, H)
        part = min(N, rows_of_part(H))
        products = overlaps + product_cost(N, K, H) + gradients
        return products._replace(held=4.0 * (part * (H + 2 * K) + K * (V + H)))

    @torch.no_grad()
    def project(self, when: Moment, noise: Noise) -> None:
        """Bring the patterns back to spins where the schedule says so."""
        if self.options.binarize.is_due(when):
            resample = partial(self._resampled, noise)
            xi_v, xi_h = self.options.binarize.apply(self.xi_v, self.xi_h, resample)
            self.xi_v.copy_(xi_v)
            self.xi_h.copy_(xi_h)

    def _resampled(self, noise: Noise, xi_v: Tensor, xi_h: Tensor) -> tuple[Tensor, Tensor]:
        mean = self.hidden_mean(xi_v)
        h = spin_sign(mean + noise.normal(*mean.shape[1:]))
        return noise.spins(self.visible_field(h)), h
