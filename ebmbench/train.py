"""The training loop: all replicas of a block, one update after another."""

from __future__ import annotations

from collections.abc import Callable

from ebmbench.batches import Batching, batches
from ebmbench.dataset import Splits
from ebmbench.model import Model
from ebmbench.optimizer import Optimizer
from ebmbench.replay import learner_of
from ebmbench.sampler import Sampler, State
from ebmbench.schedule import Moment
from ebmbench.stopwatch import DATA, NEGATIVE, OPTIMIZER, Stopwatch
from ebmbench.streams import Streams

Observer = Callable[[int, int, State], bool]
"""Called with (epoch, update, state) before training and after each epoch; False stops it."""


def train(
    model: Model,
    sampler: Sampler,
    optimizer: Optimizer,
    data: Splits,
    batching: Batching,
    epochs: int,
    streams: Streams,
    watch: Stopwatch,
    observe: Observer,
) -> int:
    """Train R replicas side by side; return the number of updates made.

    ``observe`` is outside the clock and gets the sampler's state to look at; what it draws comes
    from other streams.
    """
    update = 0
    per_epoch = batching.count(data.train.shape[1])
    learner = learner_of(model, sampler, optimizer, data, streams)
    going = observe(0, update, learner.state)

    for epoch in range(1, epochs + 1):
        if not going:
            break
        rows = batches(data.rows_of_epoch(streams.redraw), batching, streams.order)
        for index, batch in enumerate(rows, start=1):
            update += 1
            learner.take(batch, epoch)
            with watch(DATA):
                learner.data()
            with watch(NEGATIVE):
                learner.negative()
            with watch(OPTIMIZER):
                learner.step()
                model.project(Moment(epoch, update, index == per_epoch), streams.project)
        optimizer.end_epoch(epoch)
        going = observe(epoch, update, learner.state)
    return update
