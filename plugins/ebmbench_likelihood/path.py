"""The way from the base to the model: its free energies, and steps that leave a rung unchanged."""

from __future__ import annotations

from typing import NamedTuple, cast

import torch
from torch import Tensor

from ebmbench import Chains, Couplings, Model, Noise, Sweeper, TwoLayer
from ebmbench.numerics import log_cosh_sums
from ebmbench_likelihood.annealed import Annealed
from ebmbench_likelihood.base import Base, has_mirror


class Path(NamedTuple):
    """p_beta(v) ~ exp(-F_beta(v)), from the base at beta = 0 to the model at 1.

    F_beta(v) = -(beta a + (1 - beta) a0)'v - sum_alpha log 2cosh(beta x_alpha),  x = v W + b.

    Attributes:
        model: two layers of spins.
        sweeper: sweeps it.
        base: where the path starts.
        swept: from the uniform base, what is swept at every beta: the model itself if by its
            patterns, or else its couplings, which are then formed once; None from other bases.
        couplings: the model's.
    """

    model: Model
    sweeper: Sweeper
    base: Base
    swept: Model | None
    couplings: Couplings

    @classmethod
    @torch.no_grad()
    def of(cls, model: Model, sweeper: Sweeper, base: Base) -> Path:
        """The path to ``model``."""
        couplings = cast(TwoLayer, model).couplings()
        swept = _swept_everywhere(model, couplings) if base.flat else None
        return cls(model, sweeper, base, swept, couplings)

    def starting_at(self, base: Base) -> Path:
        """The path to the same model from another base."""
        return Path.of(self.model, self.sweeper, base)

    @property
    def has_mirror(self) -> bool:
        """Whether the model's F(v) = F(-v)."""
        return has_mirror(self.couplings)

    @property
    def hidden(self) -> int:
        """H, the number of hidden units."""
        return cast(TwoLayer, self.model).hidden

    def log_z_of_base(self) -> Tensor:
        """log Z at beta = 0, (R,) float64."""
        return self.base.log_z(self.hidden)

    def sweep(self, v: Tensor, k: int, beta: float, noise: Noise) -> Tensor:
        """``v`` (R, N, V) after k block-Gibbs steps at ``beta`` > 0."""
        model = self.swept or Annealed(self.couplings, self.base.a0, beta)
        return self.sweeper.run_chains(model, Chains(v), k, beta, noise).v

    @torch.no_grad()
    def free_energies(self, v: Tensor, betas: Tensor) -> Tensor:
        """F_beta(v) for v (R, N, V) at each replica's ``betas`` (R, B), (R, B, N) float64."""
        x = cast(TwoLayer, self.model).hidden_field(v)
        beta = betas.unsqueeze(2)
        at_end = _times(v, self.couplings.a).unsqueeze(1)
        at_base = _times(v, self.base.a0).unsqueeze(1)
        return -(log_cosh_sums(x, betas) + beta * at_end + (1 - beta) * at_base)

    def drop(self, v: Tensor, before: float, after: float) -> Tensor:
        """F_before(v) - F_after(v), (R, N) float64: the log-weight of a step along the path."""
        betas = torch.tensor([before, after], dtype=torch.float64, device=v.device)
        F = self.free_energies(v, betas.expand(len(v), -1))
        return F[:, 0] - F[:, 1]


def _swept_everywhere(model: Model, couplings: Couplings) -> Model:
    """The model, or its couplings where a sweep would form these each time."""
    by_patterns = cast(TwoLayer, model).field_macs < couplings.W[0].numel()
    return model if by_patterns else Annealed(couplings)


def _times(v: Tensor, bias: Tensor | None) -> Tensor:
    """bias'v in float64, (R, N): a float32 product's last bit depends on who shares the block."""
    if bias is None:
        return v.new_zeros(v.shape[:2], dtype=torch.float64)
    return (v.double() @ bias.double().unsqueeze(2)).squeeze(2)
