"""A model in training: what an update is, phase by phase."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ebmbench.interfaces.dataset import Splits
from ebmbench.interfaces.model import Model, Moment
from ebmbench.interfaces.sampler import Sampler
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.phases import Phase
from ebmbench.training.optimizer import Optimizer
from ebmbench.training.streams import Streams


class Phases(Protocol):
    """The three phases of an update, each from what the one before left; one may be repeated."""

    def data(self) -> None:
        """<dF>_data."""

    def negative(self) -> None:
        """<dF>_model, from the sampler's state onwards."""

    def step(self) -> None:
        """The optimiser's step."""


class Learner:
    """Updates R replicas side by side: w <- w - step(<dF>_data - <dF>_model).

    ``take`` a batch, then do the three ``phases`` of its update.

    Args:
        choose: says how the phases of the update that was taken are done; by default they are
            computed, one operation after another.

    Attributes:
        state: what the sampler's next update starts from.
        positive_phase, negative_phase: <dF>_data and <dF>_model, once they were found.
    """

    positive_phase: Phase
    negative_phase: Phase

    def __init__(
        self,
        model: Model,
        sampler: Sampler,
        optimizer: Optimizer,
        data: Splits,
        streams: Streams,
        choose: Callable[[Learner], Phases] | None = None,
    ) -> None:
        self.model, self.sampler, self.optimizer = model, sampler, optimizer
        self.data, self.streams = data, streams
        self.state = sampler.start(model, data, streams.start)
        self.phases: Phases = ComputedPhases(self)
        self._choose = choose

    def take(self, batch: Particles, epoch: int) -> None:
        """The batch of the next update, and its epoch, from 1."""
        self.batch, self.epoch = batch, epoch
        if self._choose:
            self.phases = self._choose(self)

    def project(self, when: Moment) -> None:
        """What the model does after an update."""
        self.model.project(when, self.streams.project)


class ComputedPhases(Phases):
    """Phases that are computed, one operation after another."""

    def __init__(self, learner: Learner) -> None:
        self._learner = learner

    def data(self) -> None:
        mine = self._learner
        mine.positive_phase = mine.model.phase(mine.batch)

    def negative(self) -> None:
        mine = self._learner
        mine.negative_phase, mine.state, _ = mine.sampler.negative_phase(
            mine.model, mine.batch, mine.state, mine.streams.negative
        )

    def step(self) -> None:
        mine = self._learner
        mine.optimizer.step(mine.positive_phase, mine.negative_phase, mine.epoch)
