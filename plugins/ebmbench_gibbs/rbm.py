"""The restricted Boltzmann machine of spins."""

from __future__ import annotations

import math
from functools import partial
from typing import Literal

import torch
from pydantic import Field, model_validator
from torch import Tensor, nn

from ebmbench import Cost, Couplings, Model, Noise, Particles, Phase, product_cost
from ebmbench.numerics import (
    distinct_phase,
    has_few_units,
    log_2cosh,
    mean_spin_,
    phase_in_parts,
    rows_of_part,
)


class RBM(Model):
    """E(v, h) = -v'W h - a'v - b'h with spins +1/-1; W is random at the start.

    F(v) = -a'v - sum_alpha log 2cosh(x_alpha), x = v W + b. Smolensky 1986; the free energy is
    eq. A6 of Pozas-Kerstjens et al. 2021, whose A2 and A7 lack a minus sign.

    Parameters: ``W`` (R, V, H) and, with ``bias``, ``a`` (R, V) and ``b`` (R, H), zero at first, or
    a as the data's means have it (``bias_start``).
    """

    name = "rbm"
    cites = ("smolensky1986",)

    class Options(Model.Options):
        hidden: int = Field(ge=1, le=100_000, description="H, the number of hidden units")
        init_std: float = Field(
            0.01, ge=0, description="Standard deviation of the weights at the start"
        )
        init: Literal["gaussian", "uniform"] = Field(
            "gaussian",
            description="What the weights are drawn from at the start; biases: see bias_start",
        )
        bias: bool = Field(False, description="Whether the units have biases a and b")
        bias_start: Literal["zero", "data"] = Field(
            "zero",
            description="What a is at first: zero, or that of independent spins with the means of "
            "the training data; b is zero",
        )

        @model_validator(mode="after")
        def _there_is_a_bias_to_start(self) -> RBM.Options:
            if self.bias_start == "data" and not self.bias:
                raise ValueError("bias_start: data is of biases, and there are none: bias: true")
            return self

    def __init__(self, options: Options, visible: int, noise: Noise) -> None:
        super().__init__(options, visible, noise)
        self.hidden = options.hidden
        self.field_macs = visible * self.hidden
        draw = noise.normal if options.init == "gaussian" else partial(uniform, noise)
        self.W = nn.Parameter(options.init_std * draw(visible, self.hidden))
        self.a: nn.Parameter | None = None
        self.b: nn.Parameter | None = None
        if options.bias:
            self.a = nn.Parameter(torch.zeros(self.replicas, visible, device=noise.device))
            self.b = nn.Parameter(torch.zeros(self.replicas, self.hidden, device=noise.device))

    @torch.no_grad()
    def start_from(self, train: Tensor) -> None:
        """a = atanh(mean of the data), with a spin of each sign added so that none is certain."""
        if self.options.bias_start == "data" and self.a is not None:
            mean = train.sum(1).double() / (train.shape[1] + 2)  # the sum is exact in float32
            self.a.copy_((torch.log1p(mean) - torch.log1p(-mean)) / 2)

    @property
    def is_its_couplings(self) -> bool:
        return type(self).phase is OWN_PHASE  # that of a model made of this one may differ

    @property
    def replayable(self) -> bool:
        return True

    def hidden_field(self, v: Tensor) -> Tensor:
        """x = v W + b, (R, N, V) -> (R, N, H)."""
        return _plus(v @ self.W, self.b)

    def visible_field(self, h: Tensor) -> Tensor:
        """h W' + a, (R, N, H) -> (R, N, V)."""
        return _plus(h @ self.W.mT, self.a)

    def couplings(self) -> Couplings:
        """W, a and b, the parameters themselves."""
        return Couplings(self.W, self.a, self.b)

    def free_energy(self, v: Tensor) -> Tensor:
        """F(v) in nats, (R, N, V) -> (R, N)."""
        return -log_2cosh(self.hidden_field(v)).sum(-1) - _times(v, self.a)

    def energy(self, v: Tensor, h: Tensor) -> Tensor:
        """E(v, h) in nats, (R, N, V), (R, N, H) -> (R, N)."""
        return -(self.hidden_field(v) * h).sum(-1) - _times(v, self.a)

    @torch.no_grad()
    def phase(self, particles: Particles) -> Phase:
        """dF/dW = -v t', dF/da = -v, dF/db = -t with t = tanh(x), or t = h where h is given."""
        if has_few_units(particles, self.W):
            slope, on_visible, on_hidden = distinct_phase(particles, self.W, self.b)
            return (slope,) if self.a is None else (slope, on_visible, on_hidden)
        return phase_in_parts(particles, self.hidden, self._phase_of_part)

    def _phase_of_part(self, particles: Particles) -> Phase:
        v, h, _ = particles
        t = mean_spin_(self.hidden_field(v)) if h is None else h
        minus_v = -particles.weighted(v)
        slope = minus_v.mT @ t  # (R, V, H)
        if self.a is None:
            return (slope,)
        return slope, minus_v.sum(1), -particles.weighted(t).sum(1)

    def phase_cost(self, particles: int) -> Cost:
        """Two products, the field and v t', (N, V) by (V, H) and (V, N) by (N, H).

        Fields are held, then their tanh, for a part of the particles at a time.
        """
        joint = self.joint_phase_cost(particles)
        field = product_cost(particles, self.visible, self.hidden)
        return (field + joint)._replace(held=joint.held)

    def joint_phase_cost(self, particles: int) -> Cost:
        """The product v h' alone."""
        V, H = self.visible, self.hidden
        held = 4.0 * (min(particles, rows_of_part(H)) * (V + H) + V * H)
        return product_cost(V, particles, H)._replace(held=held)


OWN_PHASE = RBM.phase


def uniform(noise: Noise, rows: int, columns: int) -> Tensor:
    """Numbers of variance 1, uniform in [-sqrt(3), sqrt(3)), (R, rows, columns)."""
    return math.sqrt(3) * (2 * noise.uniform(rows, columns) - 1)


def _plus(field: Tensor, bias: Tensor | None) -> Tensor:
    return field if bias is None else field + bias.unsqueeze(1)


def _times(units: Tensor, bias: Tensor | None) -> Tensor | float:
    return 0.0 if bias is None else (units * bias.unsqueeze(1)).sum(-1)
