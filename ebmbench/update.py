"""One update of a training, its phases apart: to be measured, or to warm up."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from ebmbench.batches import batches
from ebmbench.optimizer import Optimizer
from ebmbench.parts import Parts
from ebmbench.recipe import Recipe
from ebmbench.replay import WARM, learner_of
from ebmbench.schedule import Moment
from ebmbench.stopwatch import DATA, NEGATIVE, OPTIMIZER
from ebmbench.streams import Streams


class Update:
    """The training's update of R replicas, taken apart into phases that can be repeated at will.

    A phase starts from what the ones before it left, as in the training loop. ``optimizer``
    repeated alone steps along the same gradient.
    """

    def __init__(self, recipe: Recipe, seeds: Sequence[int]) -> None:
        self.parts = Parts.of(recipe, seeds)
        model, data = self.parts.model, self.parts.data
        self.streams = Streams.of(
            seeds, recipe.dataset_name, recipe.method_name, torch.device(recipe.device)
        )
        optimizer = Optimizer(model, recipe.optimizer)
        self.learner = learner_of(model, self.parts.sampler, optimizer, data, self.streams)
        self.batch = next(batches(data.train, recipe.batch, self.streams.order))
        self.per_epoch = recipe.batch.count(data.train.shape[1])
        self.done = 0
        self.phases = {
            DATA: self.learner.data, NEGATIVE: self.learner.negative, OPTIMIZER: self.optimizer
        }  # fmt: skip
        self.learner.take(self.batch, 1)

    def until_recorded(self) -> None:
        """Updates as the first of a training, after which they are as fast as they get."""
        for _ in range(WARM):
            for phase in self.phases.values():
                phase()

    def optimizer(self) -> None:
        """The step, and what the model does after it, at epochs' ends too."""
        epoch, index = divmod(self.done, self.per_epoch)
        self.done += 1
        self.learner.step()
        moment = Moment(epoch + 1, self.done, index + 1 == self.per_epoch)
        self.parts.model.project(moment, self.streams.project)
        self.learner.take(self.batch, self.done // self.per_epoch + 1)


def warm_up(recipe: Recipe, seed: int) -> None:
    """Compile and load what an update needs, before the clock runs: an update of a twin."""
    for phase in Update(recipe, [seed]).phases.values():
        phase()
