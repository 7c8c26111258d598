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

Evaluate = Callable[[int, int, State, bool], bool]
"""Called with (epoch, update, state, is_last) before training and after each epoch; False stops
it."""


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

    updates = train(
        learner, recipe.batch, recipe.epochs, watch, evaluator, start, after_update,
        ending(recipe, watch, len(seeds)),
    )  # fmt: skip
    return Outcome(built, evaluator, updates, watch)


def ending(recipe: Recipe, watch: Stopwatch, replicas: int) -> Callable[[int], bool]:
    """Says of an update, by its number, whether it spends what the recipe may spend.

    Of seconds: whether it will, if it takes as long as the mean of those before.
    """

    def is_last(update: int) -> bool:
        if recipe.updates is not None and update >= recipe.updates:
            return True
        share = watch.total / replicas
        return recipe.seconds is not None and share * update >= recipe.seconds * (update - 1) > 0

    return is_last


def never(update: int) -> bool:
    """No update is the last: epochs end the training."""
    return False


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
    is_last: Callable[[int], bool] = never,
) -> int:
    """Train R replicas side by side; return the number of updates made.

    ``evaluate`` is outside the clock and gets the sampler's state to look at; what it draws comes
    from other streams.

    Args:
        start: where the training stands, all streams with it.
        after_update: is told where it stands after each update, and whether the epoch ends.
        is_last: whether the training ends with the update of this number, and its epoch with it.
    """
    data, streams = learner.splits, learner.streams
    per_epoch, update = batching.count(data.train.shape[1]), start.update
    going = update > 0 or evaluate(0, update, learner.state, False)
    spent = update > 0 and is_last(update)

    for epoch in range(start.epoch, epochs + 1):
        if not going:
            break
        began = streams.redraw.step, streams.order.step
        rows = batches(data.rows_of_epoch(streams.redraw), batching, streams.order)
        made_before = start.made if epoch == start.epoch else 0
        for index, batch in enumerate(rows, start=1):
            if spent:
                break
            if index <= made_before:
                continue
            update += 1
            spent = is_last(update)
            epoch_ends = spent or index == per_epoch
            learner.take(batch, epoch)
            learner.make(watch, Moment(epoch, update, epoch_ends))
            after_update(Position(epoch, index, update, *began), epoch_ends)
        learner.optimizer.end_epoch(epoch)
        ends = spent or epoch == epochs
        going = evaluate(epoch, update, learner.state, ends) and not ends
    return update
