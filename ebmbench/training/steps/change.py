"""What becomes of a gradient before a step is made along it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from torch import Tensor

from ebmbench.interfaces.cost import Cost
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.phases import Phase


class Taken(NamedTuple):
    """What the two phases of an update were taken over.

    Attributes:
        batch: the data.
        kept_share: what the data phase was multiplied by, 1 where nothing is unlearned.
        particles: the negative phase's; None where it has none to show.
    """

    batch: Particles
    kept_share: float
    particles: Particles | None

    @property
    def data_weight(self) -> Tensor:
        """What the weights of the data phase sum to, (R, 1)."""
        return self.kept_share * self.batch.weights.sum(1, keepdim=True)

    @property
    def negative_weight(self) -> Tensor | float:
        """The same of the negative phase, (R, 1); 1 where there are no particles."""
        return 1.0 if self.particles is None else self.particles.weights.sum(1, keepdim=True)


class Change(ABC):
    """Interface: another gradient in the place of <dF>_data - <dF>_model.

    What it remembers it changes in place once it has it, so that a step can be recorded.

    Attributes:
        remembers: numbers that it keeps per parameter, and such as it makes at each update.
    """

    remembers: int

    @abstractmethod
    def __call__(self, data: Phase, negative: Phase, taken: Taken) -> Phase:
        """The gradient to step along, one tensor per parameter."""

    @abstractmethod
    def standing(self) -> Any:
        """What it remembers: a tree of tensors, lists and plain values."""

    @abstractmethod
    def restore(self, remembered: Any) -> None:
        """Remember what it did before."""

    @abstractmethod
    def forget(self, replicas: Tensor) -> None:
        """Forget what led some replicas, (R,) bool, where they went."""

    @abstractmethod
    def cost(self) -> Cost:
        """What it costs one replica per update."""
