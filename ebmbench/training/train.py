"""The training loop: all replicas of a block, one update after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from ebmbench.interfaces.model import Moment
from ebmbench.interfaces.sampler import State
from ebmbench.numerics.stored_trees import NotStorableError
from ebmbench.training.batches import Batching, batches
from ebmbench.training.built import Built
from ebmbench.training.evaluator import Evaluator, Tell
from ebmbench.training.learner import Learner
from ebmbench.training.outcome import Outcome
from ebmbench.training.recipe import Recipe
from ebmbench.training.replay import learner_of
from ebmbench.training.standing import BEGINNING, Keeper, Position, Standing
from ebmbench.training.stopwatch import Stopwatch

Evaluate = Callable[[int, int, State], bool]
"""Called with (epoch, update, state) before training and after each epoch; False stops it."""


def train_replicas(
    recipe: Recipe, seeds: Sequence[int], tell: Tell, keeper: Keeper | None = None
) -> Outcome:
    """Train and measure the models of a recipe side by side, one per seed.

    Args:
        tell: is told how far it is.
        keeper: keeps where it stands, and knows whether it was begun before.
    """
    torch.set_num_threads(1)  # a second thread changes the order of sums
    built, watch = Built.of(recipe, seeds), Stopwatch(torch.device(recipe.device))
    evaluator = Evaluator(recipe, list(seeds), built, watch, tell)
    learner = learner_of(recipe, built, seeds)
    standing = Standing(learner, evaluator, watch)
    start = BEGINNING
    if keeper is not None and keeper.found is not None:
        try:
            start = standing.restore(keeper.found)
        except NotStorableError as error:
            keeper.not_used(str(error))
            return train_replicas(recipe, seeds, tell, keeper)  # built anew

    def after_update(position: Position, epoch_ends: bool) -> None:
        if keeper is not None:
            keeper.after_update(position.epoch, epoch_ends, lambda: standing.at(position))

    updates = train(learner, recipe.batch, recipe.epochs, watch, evaluator, start, after_update)
    return Outcome(built, evaluator, updates, watch)


def nothing(position: Position, epoch_ends: bool) -> None:
    """Nothing is kept."""


def train(
    learner: Learner,
    batching: Batching,
    epochs: int,
    watch: Stopwatch,
    evaluate: Evaluate,
    start: Position = BEGINNING,
    after_update: Callable[[Position, bool], None] = nothing,
) -> int:
    """Train R replicas side by side; return the number of updates made.

    ``evaluate`` is outside the clock and gets the sampler's state to look at; what it draws comes
    from other streams.

    Args:
        start: where the training stands, all streams with it.
        after_update: is told where it stands after each update, and whether the epoch ends.
    """
    data, streams = learner.splits, learner.streams
    per_epoch, update = batching.count(data.train.shape[1]), start.update
    going = update > 0 or evaluate(0, update, learner.state)

    for epoch in range(start.epoch, epochs + 1):
        if not going:
            break
        began = streams.redraw.step, streams.order.step
        rows = batches(data.rows_of_epoch(streams.redraw), batching, streams.order)
        made_before = start.made if epoch == start.epoch else 0
        for index, batch in enumerate(rows, start=1):
            if index <= made_before:
                continue
            update += 1
            learner.take(batch, epoch)
            learner.make(watch, Moment(epoch, update, index == per_epoch))
            after_update(Position(epoch, index, update, *began), index == per_epoch)
        learner.optimizer.end_epoch(epoch)
        going = evaluate(epoch, update, learner.state)
    return update
