"""One update of a training, its phases apart: to be measured, or to warm up."""

from __future__ import annotations

from collections.abc import Sequence

from ebmbench.interfaces.model import Moment
from ebmbench.training.batches import batches
from ebmbench.training.built import Built
from ebmbench.training.recipe import Recipe
from ebmbench.training.replay import WARM, learner_of
from ebmbench.training.stopwatch import DATA, NEGATIVE, OPTIMIZER


class Update:
    """The training's update of R replicas, taken apart into phases that can be repeated at will.

    A phase starts from what the ones before it left, as in the training loop. ``optimizer``
    repeated alone steps along the same gradient.
    """

    def __init__(self, recipe: Recipe, seeds: Sequence[int]) -> None:
        self.learner = learner_of(recipe, Built.of(recipe, seeds), seeds)
        train = self.learner.splits.train
        self.batch = next(batches(train, recipe.batch, self.learner.streams.order))
        self.per_epoch = recipe.batch.count(train.shape[1])
        self.done = 0
        self.phases = {DATA: self.data, NEGATIVE: self.negative, OPTIMIZER: self.optimizer}
        self.learner.take(self.batch, 1)

    def until_recorded(self) -> None:
        """Updates as the first of a training, after which they are as fast as they get."""
        for _ in range(WARM):
            for phase in self.phases.values():
                phase()

    def data(self) -> None:
        """<dF>_data."""
        self.learner.phases.data()

    def negative(self) -> None:
        """<dF>_model."""
        self.learner.phases.negative()

    def optimizer(self) -> None:
        """The step, and what the model does after it, at epochs' ends too."""
        epoch, index = divmod(self.done, self.per_epoch)
        self.done += 1
        self.learner.phases.step()
        self.learner.project(Moment(epoch + 1, self.done, index + 1 == self.per_epoch))
        self.learner.take(self.batch, self.done // self.per_epoch + 1)


def warm_up(recipe: Recipe, seed: int) -> None:
    """Compile and load what an update needs, before the clock runs: an update of a twin."""
    for phase in Update(recipe, [seed]).phases.values():
        phase()
