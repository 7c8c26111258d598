"""The training loop: all replicas of a block, one update after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch

from ebmbench.batches import Batching, batches
from ebmbench.dataset import Splits
from ebmbench.model import Model
from ebmbench.noise import Noise
from ebmbench.optimizer import Optimizer
from ebmbench.sampler import Sampler, State
from ebmbench.schedule import Moment
from ebmbench.stopwatch import DATA, NEGATIVE, OPTIMIZER, Stopwatch

Observer = Callable[[int, int, State], bool]
"""Called with (epoch, update, state) before training and after each epoch; False stops it."""


class Streams(NamedTuple):
    """The streams of random numbers of a training, one for each purpose."""

    order: Noise
    redraw: Noise
    start: Noise
    negative: Noise
    project: Noise

    @classmethod
    def of(cls, seeds: Sequence[int], dataset: str, method: str, device: torch.device) -> Streams:
        """All methods see the same data in the same order; all else is a method's own."""
        data = (Noise(seeds, name, dataset, device=device) for name in cls._fields[:2])
        own = (Noise(seeds, name, dataset, method, device=device) for name in cls._fields[2:])
        return cls(*data, *own)


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

    An update is w <- w - step(<dF>_data - <dF>_model). ``observe`` is outside the clock and gets
    the sampler's state to look at; what it draws comes from other streams.
    """
    update = 0
    per_epoch = batching.count(data.train.shape[1])
    state = sampler.start(model, data, streams.start)
    going = observe(0, update, state)

    for epoch in range(1, epochs + 1):
        if not going:
            break
        rows = batches(data.rows_of_epoch(streams.redraw), batching, streams.order)
        for index, batch in enumerate(rows, start=1):
            update += 1
            with watch(DATA):
                positive = model.phase(batch)
            with watch(NEGATIVE):
                negative, state, _ = sampler.negative_phase(model, batch, state, streams.negative)
            with watch(OPTIMIZER):
                optimizer.step(positive, negative, epoch)
                model.project(Moment(epoch, update, index == per_epoch), streams.project)
        optimizer.end_epoch(epoch)
        going = observe(epoch, update, state)
    return update
