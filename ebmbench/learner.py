"""A model in training: what an update is, phase by phase."""

from __future__ import annotations

from ebmbench.dataset import Splits
from ebmbench.model import Model, Phase
from ebmbench.optimizer import Optimizer
from ebmbench.particles import Particles
from ebmbench.sampler import Sampler
from ebmbench.streams import Streams


class Learner:
    """Updates R replicas side by side: w <- w - step(<dF>_data - <dF>_model).

    ``take`` a batch, then ``data``, ``negative`` and ``step``, each from what the one before left.
    A phase can be repeated by itself.

    Attributes:
        state: what the sampler's next update starts from.
    """

    positive_phase: Phase
    negative_phase: Phase

    def __init__(
        self, model: Model, sampler: Sampler, optimizer: Optimizer, data: Splits, streams: Streams
    ) -> None:
        self.model, self.sampler, self.optimizer = model, sampler, optimizer
        self.streams = streams
        self.state = sampler.start(model, data, streams.start)

    def take(self, batch: Particles, epoch: int) -> None:
        """The batch of the next update, and its epoch, from 1."""
        self.batch, self.epoch = batch, epoch

    def data(self) -> None:
        """<dF>_data."""
        self.positive_phase = self.model.phase(self.batch)

    def negative(self) -> None:
        """<dF>_model, from the sampler's state onwards."""
        self.negative_phase, self.state, _ = self.sampler.negative_phase(
            self.model, self.batch, self.state, self.streams.negative
        )

    def step(self) -> None:
        """The optimiser's step."""
        self.optimizer.step(self.positive_phase, self.negative_phase, self.epoch)
