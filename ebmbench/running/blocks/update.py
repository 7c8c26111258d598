"""One update of a training, again and again: to be measured, or to warm up."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from ebmbench.interfaces.model import Moment
from ebmbench.training.batches import batches
from ebmbench.training.built import Built
from ebmbench.training.recipe import Recipe
from ebmbench.training.replay import PHASED, WARM, learner_of
from ebmbench.training.stopwatch import Stopwatch


class Update:
    """The training's update of R replicas, as its loop makes it, always of the first batch.

    Attributes:
        done: how many were made.
    """

    def __init__(self, recipe: Recipe, seeds: Sequence[int]) -> None:
        self.device = torch.device(recipe.device)
        self.learner = learner_of(recipe, Built.of(recipe, seeds), seeds)
        train = self.learner.splits.train
        self.batch = next(batches(train, recipe.batch, self.learner.streams.order))
        self.per_epoch = recipe.batch.count(train.shape[1])
        self.done = 0

    def until_recorded(self) -> None:
        """Updates as the first of a training, after which they are as fast as they get."""
        phased = PHASED if self.device.type == "cuda" else 0
        for _ in range(WARM + phased):
            self.make(Stopwatch(self.device))

    def make(self, watch: Stopwatch) -> None:
        """An update, and what the model does after it, at epochs' ends too."""
        epoch, index = divmod(self.done, self.per_epoch)
        self.done += 1
        self.learner.take(self.batch, epoch + 1)
        self.learner.make(watch, Moment(epoch + 1, self.done, index + 1 == self.per_epoch))


def warm_up(recipe: Recipe, seed: int) -> None:
    """Compile and load what an update needs, before the clock runs: an update of a twin."""
    Update(recipe, [seed]).make(Stopwatch(torch.device(recipe.device)))
