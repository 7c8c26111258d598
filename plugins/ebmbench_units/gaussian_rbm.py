"""The restricted Boltzmann machine of Gaussian visible units."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from ebmbench import Model, Moment, Noise, Particles, Phase
from ebmbench.numerics import REALS, Reals, phase_in_parts
from ebmbench_units.hidden_spins import HiddenSpins, mean_of_hidden, per_row

PART = 4096  # rows at a time in sums over the data


class GaussianRBM(HiddenSpins):
    """E(v, h) = sum_i [(v_i - a_i)^2 / 2 - v_i (W h)_i] / sigma_i^2 - b'h, v real, h spins.

    v given h is normal around a + W h with standard deviations sigma, and
    F(v) = sum_i (v_i - a_i)^2 / 2 sigma_i^2 - sum_j log 2cosh(x_j) with x = (v / sigma^2) W + b.
    Welling, Rosen-Zvi and Hinton 2005, in the form of Cho, Ilin and Raiko 2011, in which the mean
    of v given h does not depend on sigma; Melchior, Wang and Wiskott 2017 find that it learns
    better. There hidden units are 0/1; here they are spins. v has a density: its negative
    log-likelihood is that of nll-density.

    Parameters: ``W`` (R, V, H), N(0, init_std^2) at the start; ``a`` (R, V), the means of the data
    or zero; ``b`` (R, H), zero; and, where sigma is learned, ``z`` = log sigma^2 (R, V), at first
    that of the data (or of sigma = 1), never below the floor's.
    """

    name = "gaussian-rbm"
    cites = ("welling2005", "cho2011gaussian", "melchior2017")

    class Options(Model.Options):
        hidden: int = Field(ge=1, le=100_000, description="H, the number of hidden units")
        init_std: float = Field(
            0.01, ge=0, description="Standard deviation of the weights at the start"
        )
        sigma: Annotated[float, Field(gt=0)] | Literal["learned"] = Field(
            "learned",
            description="Standard deviation of v given h: learned for each unit, or a number",
        )
        floor: float = Field(0.05, gt=0, description="The least standard deviation that is learned")
        bias_start: Literal["data", "zero"] = Field(
            "data",
            description="a, and a learned sigma, at first: means and deviations of the training "
            "data, or 0 and 1",
        )

    def __init__(self, options: Options, visible: int, noise: Noise) -> None:
        super().__init__(options, visible, noise)
        self.hidden = options.hidden
        zero = torch.zeros(self.replicas, visible, device=noise.device)
        self.W = nn.Parameter(options.init_std * noise.normal(visible, self.hidden))
        self.a = nn.Parameter(zero)
        self.b = nn.Parameter(torch.zeros(self.replicas, self.hidden, device=noise.device))
        self.z = nn.Parameter(zero.clone()) if options.sigma == "learned" else None

    @classmethod
    def examples(cls, folder: Path) -> Sequence[Mapping[str, Any]]:
        """Deviations that are learned, and one that is given."""
        return [{"hidden": 3}, {"hidden": 3, "sigma": 0.7}]

    @classmethod
    def units_of(cls, options: Any) -> Reals:
        return REALS

    @property
    def precision(self) -> Tensor:
        """1 / sigma^2, (R, V)."""
        if self.z is None:
            return torch.full_like(self.a, self.options.sigma**-2)
        return torch.exp(-self.z)

    @torch.no_grad()
    def start_from(self, train: Tensor) -> None:
        """a and sigma are the means and standard deviations of the data."""
        if self.options.bias_start == "data":
            mean, variance = mean_and_variance(train)
            self.a.copy_(mean)
            if self.z is not None:
                least = self.options.floor**2
                self.z.copy_(torch.log1p(variance.clamp(min=least) - 1))

    def project(self, when: Moment, noise: Noise) -> None:
        """No sigma below the floor, after every update."""
        if self.z is not None:
            with torch.no_grad():
                self.z.clamp_(min=2 * math.log(self.options.floor))

    def hidden_field(self, v: Tensor) -> Tensor:
        """x = (v / sigma^2) W + b, (R, N, V) -> (R, N, H)."""
        return (v * self.precision.unsqueeze(1)) @ self.W + self.b.unsqueeze(1)

    def visible_energy(self, v: Tensor) -> Tensor:
        """sum_i (v_i - a_i)^2 / 2 sigma_i^2, (R, N, V) -> (R, N)."""
        return ((v - self.a.unsqueeze(1)).square() * self.precision.unsqueeze(1)).sum(-1) / 2

    def draw_visible(self, h: Tensor, beta: float | Tensor, noise: Noise) -> Tensor:
        """v ~ N(a + W h, sigma^2 / beta), (R, N, H) -> (R, N, V)."""
        sigma = torch.rsqrt(per_row(beta, h) * self.precision.unsqueeze(1))
        mean = h @ self.W.mT + self.a.unsqueeze(1)
        return mean + sigma * noise.normal(h.shape[1], self.visible)

    def log_sum_of_visible(self, h: Tensor) -> Tensor:
        """b'h + sum_i [log sqrt(2 pi) sigma_i + ((a + W h)_i^2 - a_i^2) / 2 sigma_i^2]."""
        s, a = self.precision.double().unsqueeze(1), self.a.double().unsqueeze(1)
        mean = h @ self.W.double().mT + a
        of_units = (math.log(2 * math.pi) - s.log() + (mean.square() - a.square()) * s) / 2
        return of_units.sum(-1) + (h * self.b.double().unsqueeze(1)).sum(-1)

    def phase(self, particles: Particles) -> Phase:
        """Of dF/dW = -(v / s^2) t', dF/da = -(v - a) / s^2, dF/db = -t and dF/dz, s = sigma.

        dF/dz = [v (W t) - (v - a)^2 / 2] / s^2; t = tanh(x), or t = h where h is given.
        """
        return phase_in_parts(particles, self.visible + self.hidden, self._phase_of_part)

    def _phase_of_part(self, particles: Particles) -> Phase:
        v, s = particles.v, self.precision
        t = mean_of_hidden(self.hidden_field(v), particles)
        on_W = -s.unsqueeze(-1) * (particles.weighted(v).mT @ t)  # (R, V, H)
        off = v - self.a.unsqueeze(1)
        on_a = -s * particles.weighted(off).sum(1)
        on_b = -particles.weighted(t).sum(1)
        if self.z is None:
            return on_W, on_a, on_b
        # <v_i (W t)_i> is a sum over j of W_ij <v_i t_j>, which is in on_W already
        on_z = -(on_W * self.W).sum(-1) - s * particles.weighted(off.square()).sum(1) / 2
        return on_W, on_a, on_b, on_z


def mean_and_variance(rows: Tensor) -> tuple[Tensor, Tensor]:
    """Of rows (R, N, V), each (R, V) float64; a part of the rows at a time."""
    mean = sum(part.double().sum(1) for part in torch.split(rows, PART, dim=1)) / rows.shape[1]
    assert isinstance(mean, Tensor)
    off = (part.double() - mean.unsqueeze(1) for part in torch.split(rows, PART, dim=1))
    variance = sum(each.square().sum(1) for each in off) / rows.shape[1]
    assert isinstance(variance, Tensor)
    return mean, variance
