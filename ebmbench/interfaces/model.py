"""The models family: p(v) = exp(-F(v)) / Z for R replicas at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, NamedTuple

import torch
from torch import Tensor, nn

from ebmbench.interfaces.component import Component
from ebmbench.interfaces.cost import Cost
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.phases import Phase
from ebmbench.numerics.two_layer import TwoLayer
from ebmbench.numerics.units.spins import SPINS
from ebmbench.numerics.units.units import Units


class Moment(NamedTuple):
    """A point of a training, after an update.

    Attributes:
        epoch: the current epoch, counted from 1.
        update: updates made so far.
        epoch_ends: whether this update was the epoch's last.
    """

    epoch: int
    update: int
    epoch_ends: bool


class Model(Component, nn.Module, ABC):
    """Interface: p(v) = exp(-F(v)) / Z. Only ``free_energy`` must be given.

    The first axis of every parameter is the replica: R independent models side by side.

    Args:
        options: the component's checked options.
        visible: V, the number of visible units.
        noise: draws the R replicas' initial parameters.
    """

    # Whether its numbers never change, so that a kernel may keep what it made of them.
    frozen: ClassVar[bool] = False

    def __init__(self, options: Any, visible: int, noise: Noise) -> None:
        nn.Module.__init__(self)
        Component.__init__(self, options)
        self.visible = visible
        self.replicas = noise.replicas

    @classmethod
    def units_of(cls, options: Any) -> Units:
        """What the visible units of a model with these options are. Default: spins."""
        return SPINS

    @property
    def units(self) -> Units:
        """What its visible units are."""
        return self.units_of(self.options)

    @property
    def is_its_couplings(self) -> bool:
        """Whether the parameters are W and perhaps a and b of two layers, in this order.

        And ``phase`` is their plain derivative, -<v t'>, -<v> and -<t>, and nothing else: then a
        kernel may make whole updates of the model. Default: no.
        """
        return False

    @property
    def replayable(self) -> bool:
        """Whether ``phase`` on a CUDA device can be recorded in a CUDA graph and replayed.

        Then it asks nothing of the CPU on the way (no ``item``, no ``numpy``), and its shapes do
        not depend on numbers. Default: no; then updates are launched one by one.
        """
        return False

    @abstractmethod
    def free_energy(self, v: Tensor) -> Tensor:
        """F(v) in nats, (R, N, V) -> (R, N)."""

    def energy(self, v: Tensor, h: Tensor) -> Tensor:
        """E(v, h) in nats, (R, N, V), (R, N, H) -> (R, N), for models with hidden units."""
        raise NotImplementedError(f"{self.name} has no energy of hidden units")

    def phase(self, particles: Particles) -> Phase:
        """<dF> over ``particles``, or <dE> where they say what the hidden units are.

        By autograd; a model that knows its derivatives overrides this.
        """
        v, h, _ = particles
        with torch.enable_grad():
            cost = self.free_energy(v) if h is None else self.energy(v, h)
            total = particles.weighted(cost.unsqueeze(-1)).sum()
            return torch.autograd.grad(total, tuple(self.parameters()))

    def phase_cost(self, particles: int) -> Cost:
        """What ``phase`` costs one replica. The default counts a forward and a backward pass."""
        size = self.parameters_per_replica()
        return Cost(macs=3.0 * particles * size, bytes=4.0 * (3 * size + particles * self.visible))

    def joint_phase_cost(self, particles: int) -> Cost:
        """The same where the particles say what the hidden units are. Default: no cheaper."""
        return self.phase_cost(particles)

    def start_from(self, train: Tensor) -> None:
        """Take from the rows to train on (R, N, V) what parameters start from. Default: nothing.

        Asked once, before training; parameters are changed in place.
        """

    def project(self, when: Moment, noise: Noise) -> None:
        """Bring parameters back to where they may be, after an update. Default: nothing."""

    def parameters_per_replica(self) -> int:
        """The number of parameters of one replica."""
        return sum(parameter[0].numel() for parameter in self.parameters())


def not_two_layers(model: Model) -> str | None:
    """Why ``model`` is no :class:`ebmbench.TwoLayer`; None if it is."""
    if isinstance(model, TwoLayer):
        return None
    return f"the model '{model.name}' is not two layers of spins that only couple across"
