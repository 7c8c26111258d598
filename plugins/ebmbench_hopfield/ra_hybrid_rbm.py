"""The restricted hybrid Boltzmann machine with regularised axons."""

from __future__ import annotations

import math
from functools import partial

from pydantic import Field
from torch import Tensor, nn

from ebmbench import Binarize, Cost, Moment, Noise, Particles, Patterns, Phase, spin_sign
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
    cites = ("pozaskerstjens2021",)

    class Options(Hybrid.Options):
        hidden: int = Field(ge=1, le=100_000, description="H, the number of hidden units")
        patterns: int = Field(ge=1, le=100_000, description="K, the number of patterns")
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

    @property
    def patterns(self) -> Patterns:
        """The parameters, and scale / sqrt(K)."""
        return Patterns(self.xi_v, self.xi_h, self.scale)

    def hidden_mean(self, v: Tensor) -> Tensor:
        """<h> = scale ((v xi_v') xi_h) / sqrt(K) given v, (R, N, V) -> (R, N, H)."""
        return self.patterns.hidden_field(v)

    def visible_field(self, h: Tensor) -> Tensor:
        """scale ((h xi_h') xi_v) / sqrt(K), (R, N, H) -> (R, N, V)."""
        return self.patterns.visible_field(h)

    def bias_term(self, v: Tensor) -> Tensor | float:
        """There is no bias."""
        return 0.0

    def phase(self, particles: Particles) -> Phase:
        """dF/dxi_v[k] = -(xi_h[k].x) v scale / sqrt(K), dF/dxi_h[k] likewise with (xi_v[k].v) x.

        x = <h> given v, or x = h where h is given.
        """
        return self.patterns.phase(particles, mean=lambda x: x)

    def phase_cost(self, particles: int) -> Cost:
        """Two overlaps, the mean of h, and two thin products."""
        return self.patterns.phase_cost(particles)

    def joint_phase_cost(self, particles: int) -> Cost:
        """Two overlaps and two thin products."""
        return self.patterns.joint_phase_cost(particles)

    def project(self, when: Moment, noise: Noise) -> None:
        """Bring the patterns back to spins where the schedule says so."""
        self.patterns.project(self.options.binarize, when, partial(self._resampled, noise))

    def _resampled(self, noise: Noise, xi_v: Tensor, xi_h: Tensor) -> tuple[Tensor, Tensor]:
        """The signs of h given xi_v, then xi_v ~ p(v | h) given those."""
        mean = self.hidden_mean(xi_v)
        h = spin_sign(mean + noise.normal(*mean.shape[1:]))
        return noise.spins(self.visible_field(h)), h
