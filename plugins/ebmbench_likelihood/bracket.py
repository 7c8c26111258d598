"""log Z from below and from above, and whether the two can be believed."""

from __future__ import annotations

import math
from typing import NamedTuple

from torch import Tensor

SIGMAS = 3.0  # of an error bar that count as certain


class Estimate(NamedTuple):
    """log of the mean of some weights; fields of one shape.

    Attributes:
        log_mean: log <w>.
        error: its standard error by the delta method, sd(w) / (<w> sqrt(N)).
        ess: effective sample size, (sum w)^2 / sum w^2, between 1 and N (Kong 1992).
    """

    log_mean: Tensor
    error: Tensor
    ess: Tensor

    @classmethod
    def of(cls, log_weights: Tensor) -> Estimate:
        """Over the last axis of ``log_weights`` (..., N), N > 1."""
        N = log_weights.shape[-1]
        top = log_weights.amax(-1, keepdim=True)
        w = (log_weights - top).exp()
        mean = w.mean(-1)
        return cls(
            log_mean=top.squeeze(-1) + mean.log(),
            error=w.std(-1) / (mean * math.sqrt(N)),
            ess=w.sum(-1).square() / w.square().sum(-1),
        )


class Bracket(NamedTuple):
    """log Z by annealing from the base, and by annealing back to it.

    Attributes:
        log_z_of_base: (R,).
        there: of Z / Z_base, (..., R).
        back: of Z_base / Z, (..., R).
    """

    log_z_of_base: Tensor
    there: Estimate
    back: Estimate

    def at(self, rung: int) -> Bracket:
        """Of one rung, where there are several."""
        estimates = (Estimate(*(part[rung] for part in e)) for e in (self.there, self.back))
        return Bracket(self.log_z_of_base, *estimates)

    @property
    def log_z(self) -> Tensor:
        """The estimate from the base: of Z without bias, so of log Z from below on average."""
        return self.log_z_of_base + self.there.log_mean

    @property
    def gap(self) -> Tensor:
        """The estimate from the model's side less that from the base: 0 where both are right."""
        return -self.back.log_mean - self.there.log_mean

    @property
    def low(self) -> Tensor:
        """The estimate from the base less SIGMAS errors."""
        return self.log_z - SIGMAS * self.there.error

    @property
    def high(self) -> Tensor:
        """The estimate from the model's side and SIGMAS errors."""
        return self.log_z + self.gap + SIGMAS * self.back.error

    def trusted(self, tolerance: float, least_ess: float) -> Tensor:
        """Whether both sides have enough effective samples and agree, bool.

        They agree where the gap is within ``tolerance`` nats and SIGMAS of their joint error.
        """
        error = (self.there.error.square() + self.back.error.square()).sqrt()
        agree = self.gap.abs() <= tolerance + SIGMAS * error  # False where NaN
        return agree & (self.there.ess >= least_ess) & (self.back.ess >= least_ess)
