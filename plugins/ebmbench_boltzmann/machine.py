"""What Boltzmann machines have in common, whatever their couplings are made of."""

from __future__ import annotations

import math
from abc import abstractmethod
from functools import partial
from typing import Annotated, Any, NamedTuple

import torch
from pydantic import Field, model_validator
from torch import Tensor

from ebmbench import Cost, Model, Noise, Particles, Phase, product_cost
from ebmbench.numerics import phase_in_parts, rows_of_part
from ebmbench_boltzmann.joint import Joint
from ebmbench_boltzmann.partition import log_z, too_many_to_enumerate
from ebmbench_boltzmann.posterior import SUMMED, completed, mean_field, too_many_to_sum
from ebmbench_boltzmann.wiring import Mask, Wiring, wire

PART = 1 << 20  # units at a time in a free energy, per replica: 4 MiB

Units = Annotated[int, Field(ge=1, le=10_000)]
"""How many units a layer has; couplings are a square of all of them."""


class Moments(NamedTuple):
    """Sums over weighted configurations s: s s' (R, U, U) and s (R, U)."""

    ss: Tensor
    s: Tensor


class Machine(Model):
    """Interface: E(s) = -s'J s / 2 - c's over spins s = (v, h), J masked. F sums h out.

    Ackley, Hinton and Sejnowski 1985. A subclass says what J and c are made of (``joint``) and
    carries their derivatives on to its parameters (``slopes``).
    """

    class Options(Model.Options):
        mask: Mask = Field(
            "full",
            description="Which units couple: all; visible with hidden; neighbouring layers",
        )
        hidden: int | None = Field(
            None,
            ge=1,
            le=10_000,
            description="H, the number of hidden units, unless the mask is deep",
        )
        layers: tuple[Units, ...] = Field(
            (), description="Sizes of a deep mask's hidden layers, from the visible units upwards"
        )
        mean_field: int = Field(
            0,
            ge=0,
            le=1000,
            description="Mean-field iterations for the hidden units given v in a phase; 0 sums "
            f"them out exactly, up to {SUMMED} that have to be enumerated",
        )
        clamped: int = Field(
            5,
            ge=0,
            le=1000,
            description="Gibbs sweeps of the hidden units alone, v held, where chains start at "
            "some v and hidden units couple to one another",
        )

        @property
        def sizes(self) -> tuple[int, ...]:
            """Of the hidden layers."""
            return (self.hidden,) if self.hidden else self.layers

        @model_validator(mode="after")
        def _sizes_fit_the_mask(self) -> Machine.Options:
            if (self.mask == "deep") != bool(self.layers):
                raise ValueError("layers: [...] goes with mask: deep, and only with it")
            if bool(self.layers) == bool(self.hidden):
                raise ValueError("give hidden: n, or with mask: deep give layers: [...]")
            problem = too_many_to_sum(wire(self.mask, 1, self.sizes, torch.device("cpu")))
            if problem and not self.mean_field:
                raise ValueError(f"{problem}; use mean_field: 20 or so")
            return self

    def __init__(self, options: Any, visible: int, noise: Noise) -> None:
        super().__init__(options, visible, noise)
        self.hidden = sum(options.sizes)
        self.clamped = options.clamped
        self.wiring: Wiring = wire(options.mask, visible, options.sizes, noise.device)

    @abstractmethod
    def joint(self) -> Joint:
        """The couplings and biases, on the way to autograd."""

    @abstractmethod
    def slopes(self, moments: Moments) -> Phase:
        """The phase, given the moments that it is linear in."""

    def energy(self, v: Tensor, h: Tensor) -> Tensor:
        """E(v, h) in nats, (R, N, V), (R, N, H) -> (R, N)."""
        return self.joint().energy(torch.cat([v, h], -1))

    def free_energy(self, v: Tensor) -> Tensor:
        """F(v) = -log sum_h exp(-E(v, h)) in nats, exactly, (R, N, V) -> (R, N).

        Raises:
            ValueError: too many hidden units for that.
        """
        problem = too_many_to_sum(self.wiring)
        if problem:
            raise ValueError(f"the model '{self.name}' has no exact free energy: {problem}")
        joint = self.joint()
        parts = torch.split(v, self._rows_at_once(), dim=1)
        return torch.cat([self._free_energy(joint, part) for part in parts], dim=1)

    def cannot_sum(self) -> str | None:
        """Why log Z or the free energy cannot be had; None if they can."""
        return too_many_to_enumerate(self.wiring) or too_many_to_sum(self.wiring)

    @torch.no_grad()
    def log_z(self) -> Tensor:
        """log of the sum of exp(-E) over all states, in nats, (R,) float64."""
        return log_z(self.joint(), self.wiring)

    @torch.no_grad()
    def phase(self, particles: Particles) -> Phase:
        """dE/dJ = -s s' over pairs and dE/dc = -s, averaged over p(h | v) where h is not given."""
        moments = partial(self._moments, self.joint())
        states = self._states() if particles.h is None else 1
        width = states * len(self.wiring.mask)
        return self.slopes(Moments(*phase_in_parts(particles, width, moments)))

    def _moments(self, joint: Joint, particles: Particles) -> Moments:
        s, weight = self._completed(joint, particles)
        weighted = s * weight.unsqueeze(-1)
        return Moments(weighted.mT @ s, weighted.sum(1))

    def phase_cost(self, particles: int) -> Cost:
        """The fields of all states of hidden units that are summed over, U^2 each, and s s'."""
        fields = self.options.mean_field or 1
        return fields * self._product(particles * self._states()) + self._moments_cost(
            particles, self._states()
        )

    def joint_phase_cost(self, particles: int) -> Cost:
        """s s' alone."""
        return self._moments_cost(particles, 1)

    def _product(self, rows: int) -> Cost:
        U = len(self.wiring.mask)
        return product_cost(rows, U, U)

    def _moments_cost(self, particles: int, states: int) -> Cost:
        """s s' of all states; a part of the particles is held at a time."""
        U = len(self.wiring.mask)
        at_once = min(particles, rows_of_part(states * U)) * states
        held = 4.0 * (4 * at_once * U + 3 * U * U)
        return self._product(particles * states)._replace(held=held)

    def _completed(self, joint: Joint, particles: Particles) -> tuple[Tensor, Tensor]:
        """Configurations s (R, M, U) that stand for the particles, and their weights (R, M)."""
        v, h, log_weight = particles
        if log_weight is None:
            log_weight = v.new_full(v.shape[:2], -math.log(v.shape[1]))
        if h is not None:
            return torch.cat([v, h], -1), log_weight.exp()
        if self.options.mean_field:
            return mean_field(joint, self.wiring, v, self.options.mean_field), log_weight.exp()
        s, log_p = completed(joint, self.wiring, v)
        weight = torch.softmax(log_p, -1) * log_weight.exp().unsqueeze(-1)
        return s.flatten(1, 2), weight.flatten(1)

    def _free_energy(self, joint: Joint, v: Tensor) -> Tensor:
        return -completed(joint, self.wiring, v).log_weight.logsumexp(-1)

    def _states(self) -> int:
        """How many states of its hidden units a row of v is completed with in a phase."""
        return 1 if self.options.mean_field else 1 << len(self.wiring.outer)

    def _rows_at_once(self) -> int:
        states = 1 << min(SUMMED, len(self.wiring.outer))
        return max(1, PART // (states * len(self.wiring.mask)))
