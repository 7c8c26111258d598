"""The restricted hybrid Boltzmann machine with free weights."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Tensor, nn

from ebmbench import Cost, Noise, Particles, Phase, product_cost
from ebmbench.numerics import phase_in_parts, rows_of_part
from ebmbench_hopfield.hybrid import Hybrid


class HybridRBM(Hybrid):
    """E(v, h) = h'h / 2 - v'W h - a'v with spins v and Gaussian h; F(v) = -|v'W|^2 / 2 - a'v.

    Summed over h it is the Hopfield model of H stored patterns, E(v) = -v'J v / 2 - a'v with
    J = W W' (Barra, Bernacchia, Santucci and Contucci 2012; appendix E1 of Pozas-Kerstjens et al.
    2021). F leaves out its constant, -H log(2 pi) / 2, and J has a diagonal, which is one too.
    W stands for ``scale`` times the parameter ``W``; Hopfield's J = W W' / V is scale 1/sqrt(V).

    Parameters: ``W`` (R, V, H), N(0, init_std^2) at the start, and, with ``bias``, ``a`` (R, V),
    zero at first.
    """

    name = "hybrid-rbm"
    cites = ("barra2012", "pozaskerstjens2021")

    class Options(Hybrid.Options):
        hidden: int = Field(
            ge=1, le=100_000, description="H, the number of hidden units: stored patterns"
        )
        init_std: float = Field(
            0.01, ge=0, description="Standard deviation of the parameter W at the start"
        )
        scale: float = Field(
            1.0, gt=0, description="What W is multiplied by, such as 1/sqrt(V); not trained"
        )
        bias: bool = Field(False, description="Whether the visible units have biases a")

    def __init__(self, options: Options, visible: int, noise: Noise) -> None:
        super().__init__(options, visible, noise)
        self.hidden, self.scale = options.hidden, options.scale
        self.field_macs = visible * self.hidden
        self.W = nn.Parameter(options.init_std * noise.normal(visible, self.hidden))
        zero = torch.zeros(self.replicas, visible, device=noise.device)
        self.a = nn.Parameter(zero) if options.bias else None

    def hidden_mean(self, v: Tensor) -> Tensor:
        """<h> = scale v W given v, (R, N, V) -> (R, N, H)."""
        return self.scale * (v @ self.W)

    def visible_field(self, h: Tensor) -> Tensor:
        """scale h W' + a, (R, N, H) -> (R, N, V)."""
        field = self.scale * (h @ self.W.mT)
        return field if self.a is None else field + self.a.unsqueeze(1)

    def bias_term(self, v: Tensor) -> Tensor | float:
        """a'v, (R, N, V) -> (R, N)."""
        return 0.0 if self.a is None else (v * self.a.unsqueeze(1)).sum(-1)

    def phase(self, particles: Particles) -> Phase:
        """dF/dW = -scale v x' and dF/da = -v with x = <h> given v, or x = h where h is given."""
        return phase_in_parts(particles, self.hidden, self._phase_of_part)

    def _phase_of_part(self, particles: Particles) -> Phase:
        v, h, _ = particles
        x = self.hidden_mean(v) if h is None else h
        minus_v = -particles.weighted(v)
        slope = (self.scale * minus_v).mT @ x  # (R, V, H)
        return (slope,) if self.a is None else (slope, minus_v.sum(1))

    def phase_cost(self, particles: int) -> Cost:
        """Two products, the mean of h and v x'; means are held for a part at a time."""
        joint = self.joint_phase_cost(particles)
        mean = product_cost(particles, self.visible, self.hidden)
        return (mean + joint)._replace(held=joint.held)

    def joint_phase_cost(self, particles: int) -> Cost:
        """The product v h' alone."""
        V, H = self.visible, self.hidden
        held = 4.0 * (min(particles, rows_of_part(H)) * (V + H) + V * H)
        return product_cost(V, particles, H)._replace(held=held)
