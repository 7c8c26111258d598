"""The Boltzmann machine with regularised axons: its couplings are made of patterns."""

from __future__ import annotations

import math
from functools import partial

import torch
from pydantic import Field
from torch import Tensor, nn

from ebmbench import Binarize, Moment, Noise, Patterns, Phase
from ebmbench_boltzmann.colours import JointFixedPoint, swept
from ebmbench_boltzmann.joint import Joint
from ebmbench_boltzmann.machine import Machine, Moments


class RABoltzmann(Machine):
    """J = scale mask * (xi' xi) / sqrt(K): a Boltzmann machine whose parameters are K patterns.

    Regularised axons, eq. 5 of Pozas-Kerstjens et al. 2021, of all units rather than two layers:
    xi = (xi_v, xi_h), and only pairs that the mask lets couple do. With ``mask: bipartite`` it is
    the RA-RBM.

    Parameters: ``xi_v`` (R, K, V) and ``xi_h`` (R, K, H), fair random spins at the start. An
    optimiser moves them off +1/-1; ``binarize`` says how and when they are brought back.
    """

    name = "ra-boltzmann"
    cites = ("pozaskerstjens2021",)

    class Options(Machine.Options):
        patterns: int = Field(ge=1, le=100_000, description="K, the number of patterns")
        scale: float = Field(
            1.0,
            gt=0,
            description="What J is multiplied by: its standard deviation where patterns are spins",
        )
        binarize: Binarize = Field(Binarize(), description="How patterns are brought back to spins")

    def __init__(self, options: Options, visible: int, noise: Noise) -> None:
        super().__init__(options, visible, noise)
        self.scale = options.scale / math.sqrt(options.patterns)
        self.xi_v = nn.Parameter(noise.coins(options.patterns, visible))
        self.xi_h = nn.Parameter(noise.coins(options.patterns, self.hidden))

    def joint(self) -> Joint:
        """mask * (xi' xi), (R, U, U), in units of scale / sqrt(K)."""
        xi = self._xi()
        return Joint(xi.mT @ xi * self.wiring.mask, None, self.scale)

    def slopes(self, moments: Moments) -> Phase:
        """dE/dxi = -scale xi (mask * s s') / sqrt(K)."""
        slope = -self.scale * (self._xi() @ (moments.ss * self.wiring.mask))
        return slope[..., : self.visible], slope[..., self.visible :]

    def project(self, when: Moment, noise: Noise) -> None:
        """Bring the patterns back to spins where the schedule says so."""
        patterns = Patterns(self.xi_v, self.xi_h, self.scale)
        patterns.project(self.options.binarize, when, partial(self._resampled, noise))

    def _xi(self) -> Tensor:
        """xi = (xi_v, xi_h), (R, K, U)."""
        return torch.cat([self.xi_v, self.xi_h], -1)

    def _resampled(self, noise: Noise, xi_v: Tensor, xi_h: Tensor) -> tuple[Tensor, Tensor]:
        """One sweep of the patterns as chains of the model that they make."""
        xi, fixed_point = torch.cat([xi_v, xi_h], -1), JointFixedPoint.of(self.joint())
        s = swept(xi, fixed_point, self.wiring.blocks, 1, 1.0, noise)
        return s[..., : self.visible], s[..., self.visible :]
