"""Updates on a CUDA device that are recorded once and replayed.

A small update is many short launches, each of which costs the CPU time. A CUDA graph holds all
launches of a phase; replayed, they do the same to the same memory. So a recorded update has a
batch, a sampler's state and a count of draws in memory of its own, which are filled before.
"""

from __future__ import annotations

import warnings
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_flatten, tree_map

from ebmbench.dataset import Splits
from ebmbench.errors import reason
from ebmbench.learner import Learner
from ebmbench.model import Model
from ebmbench.optimizer import Optimizer
from ebmbench.particles import Particles
from ebmbench.sampler import Sampler, State
from ebmbench.streams import Streams

WARM = 2  # updates of a kind before it is recorded: by then all is compiled and allocated
KEPT = 4  # recordings

Record = Callable[[Callable[[], None]], Callable[[], None]]
"""Takes work on a device, which it may or may not do, and returns what does it again."""


def learner_of(
    model: Model, sampler: Sampler, optimizer: Optimizer, data: Splits, streams: Streams
) -> Learner:
    """A learner, on a CUDA device one that records its updates where all parts allow it."""
    parts = model, sampler, optimizer, data, streams
    on_gpu = streams.negative.device.type == "cuda"
    if on_gpu and model.replayable and sampler.replayable and optimizer.replayable:
        return ReplayedLearner(*parts, record=cuda_graph)
    return Learner(*parts)


def cuda_graph(work: Callable[[], None]) -> Callable[[], None]:
    """Record what ``work`` launches, without doing it."""
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        work()
    return graph.replay


class ReplayedLearner(Learner):
    """A learner whose updates are recorded when their kind has come a few times.

    If a recording fails it says so in a warning, and goes on without.
    """

    def __init__(
        self,
        model: Model,
        sampler: Sampler,
        optimizer: Optimizer,
        data: Splits,
        streams: Streams,
        record: Record,
    ) -> None:
        super().__init__(model, sampler, optimizer, data, streams)
        self._record: Record | None = record
        self._seen: Counter[Any] = Counter()
        self._recordings: OrderedDict[Any, Recording] = OrderedDict()
        self._replayed: Recording | None = None

    def take(self, batch: Particles, epoch: int) -> None:
        super().take(batch, epoch)
        shapes = tuple(None if part is None else part.shape for part in batch)
        kind = shapes, self.optimizer.at_hand(epoch)  # what a recording holds fast
        if kind not in self._recordings and self._seen[shapes] >= WARM and self._record:
            self._make_recording(kind, self._record)
        self._seen[shapes] += 1
        self._replayed = self._recordings.get(kind)
        if self._replayed:
            self._replayed.fill(batch, self.state)

    def data(self) -> None:
        if self._replayed:
            self._replayed.data()
        else:
            super().data()

    def negative(self) -> None:
        if self._replayed:
            self.streams.negative.replay(self._replayed.draws)
            self._replayed.negative()
            self.state = self._replayed.state
        else:
            super().negative()

    def step(self) -> None:
        if self._replayed:
            self._replayed.step()
        else:
            super().step()

    def _make_recording(self, kind: Any, record: Record) -> None:
        try:
            self._recordings[kind] = Recording(self, record)
        except RuntimeError as error:
            self._record = None
            warnings.warn(
                f"updates are launched one by one, as they cannot be recorded: {reason(error)}",
                RuntimeWarning,
                stacklevel=2,
            )
        if len(self._recordings) > KEPT:
            self._recordings.popitem(last=False)


class Recording:
    """An update in memory of its own, phase by phase.

    Attributes:
        batch, state: what the update starts from; ``state`` is also where it ends.
        draws: the draws of its negative phase.
        data, negative, step: do the phase again.
    """

    def __init__(self, learner: Learner, record: Record) -> None:
        self._learner = learner
        before = learner.batch, learner.state
        self.batch, self.state = tree_map(_clone, before)
        try:
            learner.batch, learner.state = self.batch, self.state
            with learner.streams.negative.recorded():  # a kernel may be compiled for this
                Learner.negative(learner)
            learner.state = self.state
            with learner.streams.negative.recorded() as self.draws:
                self.data = record(lambda: Learner.data(learner))
                self.negative = record(self._negative)
                self.step = record(lambda: Learner.step(learner))
            self._written = learner.positive_phase, learner.negative_phase  # memory to keep
        finally:
            learner.batch, learner.state = before

    def fill(self, batch: Particles, state: State) -> None:
        """Put in what the next update starts from."""
        copy_tree(batch, self.batch)
        if state is not self.state:
            copy_tree(state, self.state)

    def _negative(self) -> None:
        Learner.negative(self._learner)
        copy_tree(self._learner.state, self.state)


def copy_tree(source: Any, target: Any) -> None:
    """Copy all tensors of a tree into those of another.

    Raises:
        RuntimeError: the trees differ in more than their tensors' numbers.
    """
    (new, shape), (old, old_shape) = tree_flatten(source), tree_flatten(target)
    if shape != old_shape or list(map(_fixed, new)) != list(map(_fixed, old)):
        raise RuntimeError("what an update starts from changes in more than its tensors' numbers")
    for mine, theirs in zip(new, old, strict=True):
        if isinstance(mine, Tensor):
            theirs.copy_(mine)


def _fixed(leaf: Any) -> Any:
    """What must stay the same."""
    return (leaf.shape, leaf.dtype) if isinstance(leaf, Tensor) else leaf


def _clone(leaf: Any) -> Any:
    return leaf.clone() if isinstance(leaf, Tensor) else leaf
