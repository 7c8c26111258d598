"""log Z from below and from above, and whether the two can be believed."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from ebmbench.numerics import variance

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
            error=(variance(w) / N).sqrt() / mean,
            ess=w.sum(-1).square() / w.square().sum(-1),
        )

    def at(self, rung: Tensor) -> Estimate:
        """Of one of the rungs, the first axis, for each replica: ``rung`` (R, 1) int64."""
        return Estimate(*(part.mT.gather(1, rung).squeeze(1) for part in self))


class Bracket(NamedTuple):
    """log Z by annealing from the base, and by annealing back to it.

    Attributes:
        log_z_of_base: (R,).
        there: of Z / Z_base, (..., R).
        back: of Z_base / Z, (..., R), over chains that start where the way there arrived.
        from_data: the same over chains that start at the data.
    """

    log_z_of_base: Tensor
    there: Estimate
    back: Estimate
    from_data: Estimate

    def at_the_end(self) -> Bracket:
        """Of the last rung, where there are several."""
        last = len(self.there.log_mean) - 1
        return self.at(torch.full_like(self.log_z_of_base, last, dtype=torch.int64).unsqueeze(1))

    def at(self, rung: Tensor) -> Bracket:
        """Of one of the rungs, the first axis, for each replica: ``rung`` (R, 1) int64."""
        ways = (self.there, self.back, self.from_data)
        return Bracket(self.log_z_of_base, *(way.at(rung) for way in ways))

    @property
    def log_z(self) -> Tensor:
        """The estimate from the base: of Z without bias, so of log Z from below on average."""
        return self.log_z_of_base + self.there.log_mean

    @property
    def gap(self) -> Tensor:
        """The estimate from the model's side less that from the base: 0 where both are right."""
        return -self.back.log_mean - self.there.log_mean

    @property
    def data_gap(self) -> Tensor:
        """The same with the chains that started at the data.

        Above 0 where the data lie in modes that the way there hardly finds, and log Z lacks their
        mass. Below 0 it says nothing: these chains do not leave the modes they start in, and more
        of them may be in some mode than its weight calls for.
        """
        return -self.from_data.log_mean - self.there.log_mean

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

        They agree where the gap is at least -SIGMAS of their joint error, as the upper end of a
        bracket cannot lie below the lower one, and at most ``tolerance`` nats and SIGMAS errors;
        and the data's gap is at most that too.
        """
        enough = (self.there.ess >= least_ess) & (self.back.ess >= least_ess)
        noise, noise_of_data = (
            SIGMAS * (self.there.error.square() + way.error.square()).sqrt()
            for way in (self.back, self.from_data)
        )
        agree = (-noise <= self.gap) & (self.gap <= tolerance + noise)  # False where NaN
        return enough & agree & (self.data_gap <= tolerance + noise_of_data)

    def holds(self, log_mass: Tensor) -> Tensor:
        """Whether some states' sum of exp(-F) is at most Z, to within SIGMAS errors, bool."""
        return log_mass <= self.log_z + SIGMAS * self.there.error
