"""What components are checked on: plain models and a plain kernel, of no plugin."""

from __future__ import annotations

import math
from typing import Any

import torch
from pydantic import Field
from torch import Tensor, nn

from ebmbench.interfaces.component import Options as BaseOptions
from ebmbench.interfaces.cost import Cost, product_cost
from ebmbench.interfaces.kernel import GibbsKernel
from ebmbench.interfaces.model import Model, not_two_layers
from ebmbench.numerics.fields.factored import fields_of_sweeps
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Chains, Particles
from ebmbench.numerics.phases import Phase
from ebmbench.numerics.spin_functions import log_2cosh, mean_spin
from ebmbench.numerics.two_layer import Couplings, Factors, macs_of_factors


class ReferenceTwoLayer(Model):
    """E(v, h) = -v'W h - a'v - b'h with spins, W, a and b drawn at the start.

    F(v) = -a'v - sum log 2cosh(v W + b).
    """

    name = "reference-two-layer"

    class Options(BaseOptions):
        hidden: int = Field(3, ge=1, description="H")
        std: float = Field(0.5, ge=0, description="Standard deviation of W")
        bias: float = Field(0.0, ge=0, description="Size of the biases; 0 for none")

    def __init__(self, options: Any, visible: int, noise: Noise) -> None:
        super().__init__(options, visible, noise)
        self.hidden = options.hidden
        self.field_macs = visible * self.hidden
        self.W = nn.Parameter(options.std * noise.normal(visible, self.hidden))
        self.a: nn.Parameter | None = None
        self.b: nn.Parameter | None = None
        if options.bias:  # all of one sign on each layer: what leaves them out is far off
            self.a = nn.Parameter(options.bias * (1 + noise.uniform(1, visible)).squeeze(1))
            self.b = nn.Parameter(-options.bias * (1 + noise.uniform(1, self.hidden)).squeeze(1))

    def hidden_field(self, v: Tensor) -> Tensor:
        """v W + b, (R, N, V) -> (R, N, H)."""
        return v @ self.W if self.b is None else v @ self.W + self.b.unsqueeze(1)

    def visible_field(self, h: Tensor) -> Tensor:
        """h W' + a, (R, N, H) -> (R, N, V)."""
        return h @ self.W.mT if self.a is None else h @ self.W.mT + self.a.unsqueeze(1)

    def couplings(self) -> Couplings:
        """The parameters."""
        return Couplings(self.W, self.a, self.b)

    def free_energy(self, v: Tensor) -> Tensor:
        """F(v), (R, N, V) -> (R, N)."""
        return -log_2cosh(self.hidden_field(v)).sum(-1) - self._on_visible(v)

    def energy(self, v: Tensor, h: Tensor) -> Tensor:
        """E(v, h), (R, N, V), (R, N, H) -> (R, N)."""
        return -(self.hidden_field(v) * h).sum(-1) - self._on_visible(v)

    @torch.no_grad()
    def phase(self, particles: Particles) -> Phase:
        """-v t', -v and -t with t = tanh(x), or t = h where h is given."""
        v, h, _ = particles
        t = mean_spin(self.hidden_field(v)) if h is None else h
        weighted = particles.weighted(v)
        on_weights = -(weighted.mT @ t)
        if self.a is None:
            return (on_weights,)
        return on_weights, -weighted.sum(1), -particles.weighted(t).sum(1)

    def phase_cost(self, particles: int) -> Cost:
        """The field and v t'."""
        return 2 * product_cost(particles, self.visible, self.hidden)

    def _on_visible(self, v: Tensor) -> Tensor | float:
        return 0.0 if self.a is None else (v * self.a.unsqueeze(1)).sum(-1)


class ReferencePatterned(Model):
    """W = xi_v' xi_h / sqrt(K) in E(v, h) = -v'W h: two layers whose parameters are patterns."""

    name = "reference-patterned"

    class Options(BaseOptions):
        hidden: int = Field(3, ge=1, description="H")
        patterns: int = Field(7, ge=1, description="K")
        std: float = Field(0.7, ge=0, description="Size of the patterns' numbers")

    def __init__(self, options: Any, visible: int, noise: Noise) -> None:
        super().__init__(options, visible, noise)
        self.hidden = options.hidden
        self.field_macs = macs_of_factors(options.patterns, visible, self.hidden)
        self.scale = 1 / math.sqrt(options.patterns)
        self.xi_v = nn.Parameter(options.std * noise.normal(options.patterns, visible))
        self.xi_h = nn.Parameter(options.std * noise.normal(options.patterns, self.hidden))

    def hidden_field(self, v: Tensor) -> Tensor:
        """v W, (R, N, V) -> (R, N, H)."""
        return (self.scale * (v @ self.xi_v.mT)) @ self.xi_h

    def visible_field(self, h: Tensor) -> Tensor:
        """h W', (R, N, H) -> (R, N, V)."""
        return (self.scale * (h @ self.xi_h.mT)) @ self.xi_v

    def couplings(self) -> Couplings:
        """W, formed, and no biases."""
        return Couplings(self.scale * self.xi_v.mT @ self.xi_h, None, None)

    def factors(self) -> Factors:
        """The parameters."""
        return Factors(self.xi_v, self.xi_h, self.scale)

    def free_energy(self, v: Tensor) -> Tensor:
        """F(v), (R, N, V) -> (R, N)."""
        return -log_2cosh(self.hidden_field(v)).sum(-1)

    def energy(self, v: Tensor, h: Tensor) -> Tensor:
        """E(v, h), (R, N, V), (R, N, H) -> (R, N)."""
        return -(self.hidden_field(v) * h).sum(-1)

    @torch.no_grad()
    def phase(self, particles: Particles) -> Phase:
        """The slope in W, -v t', carried on to the patterns."""
        v, h, _ = particles
        t = mean_spin(self.hidden_field(v)) if h is None else h
        slope = -self.scale * (particles.weighted(v).mT @ t)  # (R, V, H)
        return self.xi_h @ slope.mT, self.xi_v @ slope


class ReferenceKernel(GibbsKernel):
    """h ~ sigmoid(2 beta (v W + b)), then v ~ sigmoid(2 beta (h W' + a)), k times over."""

    name = "reference-kernel"

    def supports(self, model: Model, device: torch.device) -> str | None:
        """Two layers only."""
        return not_two_layers(model)

    @torch.no_grad()
    def sweep(
        self, model: Model, chains: Chains, k: int, beta: float | Tensor, noise: Noise
    ) -> Chains:
        """Draws on exact fields: the spins that every kernel gives."""
        fields = fields_of_sweeps(model)
        v, h = chains
        for _ in range(k):
            h = fields.draw_hidden(v, beta, noise)
            v = fields.draw_visible(h, beta, noise)
        return Chains(v, h)
