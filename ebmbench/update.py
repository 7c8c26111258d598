"""One update of a training, its phases apart: to be measured, or to warm up."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from ebmbench.batches import batches
from ebmbench.optimizer import Optimizer
from ebmbench.parts import Parts
from ebmbench.recipe import Recipe
from ebmbench.schedule import Moment
from ebmbench.stopwatch import DATA, NEGATIVE, OPTIMIZER
from ebmbench.train import Streams


class Update:
    """The training's update of R replicas, taken apart into phases that can be repeated at will.

    A phase starts from what the ones before it left, as in the training loop. ``optimizer``
    repeated alone steps along the same gradient.
    """

    def __init__(self, recipe: Recipe, seeds: Sequence[int]) -> None:
        self.parts = Parts.of(recipe, seeds)
        train = self.parts.data.train
        self.streams = Streams.of(
            seeds, recipe.dataset_name, recipe.method_name, torch.device(recipe.device)
        )
        self.state = self.parts.sampler.start(self.parts.model, self.parts.data, self.streams.start)
        self.batch = next(batches(train, recipe.batch, self.streams.order))
        self.steps = Optimizer(self.parts.model, recipe.optimizer)
        self.per_epoch = recipe.batch.count(train.shape[1])
        self.done = 0
        self.phases = {DATA: self.data, NEGATIVE: self.negative, OPTIMIZER: self.optimizer}

    def data(self) -> None:
        """<dF>_data of the first batch."""
        self._positive = self.parts.model.phase(self.batch)

    def negative(self) -> None:
        """<dF>_model, from the sampler's state onwards."""
        parts = self.parts
        self._negative, self.state, _ = parts.sampler.negative_phase(
            parts.model, self.batch, self.state, self.streams.negative
        )

    def optimizer(self) -> None:
        """The step, and what the model does after it, at epochs' ends too."""
        epoch, index = divmod(self.done, self.per_epoch)
        self.done += 1
        self.steps.step(self._positive, self._negative, epoch + 1)
        moment = Moment(epoch + 1, self.done, index + 1 == self.per_epoch)
        self.parts.model.project(moment, self.streams.project)


def warm_up(recipe: Recipe, seed: int) -> None:
    """Compile and load what an update needs, before the clock runs: an update of a twin."""
    for phase in Update(recipe, [seed]).phases.values():
        phase()
