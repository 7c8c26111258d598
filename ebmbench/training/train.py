"""The training loop: all replicas of a block, one update after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from ebmbench.interfaces.model import Moment
from ebmbench.interfaces.sampler import State
from ebmbench.training.batches import Batching, batches
from ebmbench.training.built import Built
from ebmbench.training.evaluator import Evaluator, Tell
from ebmbench.training.learner import Learner
from ebmbench.training.outcome import Outcome
from ebmbench.training.recipe import Recipe
from ebmbench.training.replay import learner_of
from ebmbench.training.stopwatch import Stopwatch

Evaluate = Callable[[int, int, State], bool]
"""Called with (epoch, update, state) before training and after each epoch; False stops it."""


def train_replicas(recipe: Recipe, seeds: Sequence[int], tell: Tell) -> Outcome:
    """Train and measure the models of a recipe side by side, one per seed."""
    torch.set_num_threads(1)  # a second thread changes the order of sums
    built, watch = Built.of(recipe, seeds), Stopwatch(torch.device(recipe.device))
    evaluator = Evaluator(recipe, list(seeds), built, watch, tell)
    learner = learner_of(recipe, built, seeds)
    updates = train(learner, recipe.batch, recipe.epochs, watch, evaluator)
    return Outcome(built, evaluator, updates, watch)


def train(
    learner: Learner, batching: Batching, epochs: int, watch: Stopwatch, evaluate: Evaluate
) -> int:
    """Train R replicas side by side; return the number of updates made.

    ``evaluate`` is outside the clock and gets the sampler's state to look at; what it draws comes
    from other streams.
    """
    update = 0
    data, streams = learner.splits, learner.streams
    per_epoch = batching.count(data.train.shape[1])
    going = evaluate(0, update, learner.state)

    for epoch in range(1, epochs + 1):
        if not going:
            break
        rows = batches(data.rows_of_epoch(streams.redraw), batching, streams.order)
        for index, batch in enumerate(rows, start=1):
            update += 1
            learner.take(batch, epoch)
            learner.make(watch, Moment(epoch, update, index == per_epoch))
        learner.optimizer.end_epoch(epoch)
        going = evaluate(epoch, update, learner.state)
    return update
