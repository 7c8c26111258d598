"""Updates on a CUDA device that are recorded once and replayed.

A small update is many short launches, each of which costs the CPU time. A CUDA graph holds all
launches of a phase; replayed, they do the same to the same memory. So a recorded update has a
batch, a sampler's state and a count of draws in memory of its own, which are filled before.

Waiting for the device after each phase, to time it, is much of a small update's time. So an update
is replayed phase by phase a few times, which tells how they share in its time, and then as one.
"""

from __future__ import annotations

import warnings
from array import array
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_flatten, tree_map

from ebmbench.errors import reason
from ebmbench.interfaces.model import Model
from ebmbench.interfaces.sampler import Sampler, State
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.updates.clock import HAS_CLOCK
from ebmbench.numerics.updates.whole_update import WholeUpdate
from ebmbench.training.built import Built
from ebmbench.training.learner import Learner, Recorded
from ebmbench.training.optimizer import Optimizer
from ebmbench.training.recipe import Recipe
from ebmbench.training.stopwatch import PHASES, Stopwatch
from ebmbench.training.streams import Streams

WARM = 2  # updates of a kind before it is recorded: by then all is compiled and allocated
KEPT = 4  # recordings
PHASED = 16  # updates of a recording that are timed phase by phase

Record = Callable[[Callable[[], None]], Callable[[], None]]
"""Takes work on a device, which it may or may not do, and returns what does it again."""


def learner_of(recipe: Recipe, built: Built, seeds: Sequence[int]) -> Learner:
    """The learner of a recipe's replicas; one that records its updates, where it can."""
    optimizer, device = Optimizer(built.model, recipe.optimizer), torch.device(recipe.device)
    streams = Streams.of(seeds, recipe.dataset_name, recipe.method_name, device)
    choose = recorder_for(built.model, built.sampler, optimizer, device)
    parts = (built.model, built.sampler, optimizer, built.data, streams)
    whole = whole_update(built.model, built.sampler, optimizer)
    return Learner(*parts, choose, recipe.batch.unlearning, whole)


def whole_update(model: Model, sampler: Sampler, optimizer: Optimizer) -> WholeUpdate | None:
    """What makes whole updates in one call, if the sampler has it and the step is compiled.

    Nothing where the gradient is another than the plain one.
    """
    if optimizer.compiled is None or optimizer.change or not HAS_CLOCK:
        return None
    return sampler.whole_update(model, optimizer.compiled.moments)


def recorder_for(
    model: Model, sampler: Sampler, optimizer: Optimizer, device: torch.device
) -> Recorder | None:
    """What records updates: on a CUDA device, where all parts allow it; else None."""
    parts = (model, sampler, optimizer)
    if device.type == "cuda" and all(part.replayable for part in parts):
        return Recorder(cuda_graph)
    return None


def cuda_graph(work: Callable[[], None]) -> Callable[[], None]:
    """Record what ``work`` launches, without doing it."""
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        work()
    return graph.replay


class Recorder:
    """Chooses recorded phases for updates whose kind has come a few times.

    If a recording fails it says so in a warning, and goes on without.
    """

    def __init__(self, record: Record) -> None:
        self.recordings: OrderedDict[Any, Recording] = OrderedDict()
        self._record: Record | None = record
        self._seen: Counter[Any] = Counter()

    def __call__(self, learner: Learner) -> Recorded | None:
        """The recording of the update that the learner took; None where there is none."""
        shapes = tuple(None if part is None else part.shape for part in learner.batch)
        kind = shapes, learner.optimizer.fixed_numbers(learner.epoch)  # baked into a recording
        if kind not in self.recordings and self._seen[shapes] >= WARM and self._record:
            self._make_recording(learner, kind, self._record)
        self._seen[shapes] += 1
        recording = self.recordings.get(kind)
        if recording is not None:
            recording.fill(learner.batch, learner.state)
        return recording

    def _make_recording(self, learner: Learner, kind: Any, record: Record) -> None:
        try:
            self.recordings[kind] = Recording(learner, record)
        except RuntimeError as error:
            self._record = None
            _warn("updates are launched one by one, as they cannot be recorded", error)
        if len(self.recordings) > KEPT:
            self.recordings.popitem(last=False)


class Recording(Recorded):
    """An update in memory of its own: phase by phase, and once these were timed, in one.

    Attributes:
        batch, state: what the update starts from; ``state`` is also where it ends.
        draws: the draws of its negative phase.
    """

    def __init__(self, learner: Learner, record: Record) -> None:
        self._learner, self._record = learner, record
        self.batch, self.state = tree_map(_clone, (learner.batch, learner.state))
        self.shares: Sequence[float] | None = None
        self._seconds = [array("d") for _ in PHASES]
        with self._own_memory(), learner.streams.negative.recorded():
            learner.negative()  # a kernel may be compiled for this
        with self._own_memory(), learner.streams.negative.recorded() as self.draws:
            self._data = record(learner.data)
            self._negative = record(self._negative_onto_state)
            self._step = record(learner.step)
            self._written = _written_by(learner)

    def fill(self, batch: Particles, state: State) -> None:
        """Put in what the next update starts from."""
        copy_tree(batch, self.batch)
        if state is not self.state:
            copy_tree(state, self.state)

    def data(self) -> None:
        self._data()

    def negative(self) -> None:
        self._learner.streams.negative.replay(self.draws)
        self._negative()
        self._learner.state = self.state

    def step(self) -> None:
        self._step()

    def whole(self) -> None:
        self._learner.streams.negative.replay(self.all_draws)
        self._all()
        self._learner.state = self.state

    def timed(self, watch: Stopwatch) -> None:
        for seconds, phase in zip(self._seconds, PHASES, strict=True):
            seconds.append(watch.laps[phase][-1])
        if len(self._seconds[0]) == PHASED:
            self._record_whole()

    def _record_whole(self) -> None:
        typical = [median(seconds) for seconds in self._seconds]
        try:
            self._record_all(self._learner)
        except RuntimeError as error:
            _warn("updates are replayed phase by phase, as they cannot be recorded whole", error)
            return
        self.shares = [seconds / sum(typical) for seconds in typical]

    def _record_all(self, learner: Learner) -> None:
        with self._own_memory(), learner.streams.negative.recorded() as self.all_draws:
            self._all = self._record(self._all_phases)
            self._all_written = _written_by(learner)

    def _all_phases(self) -> None:
        self._learner.data()
        self._negative_onto_state()
        self._learner.step()

    def _negative_onto_state(self) -> None:
        self._learner.negative()
        copy_tree(self._learner.state, self.state)

    @contextmanager
    def _own_memory(self) -> Iterator[None]:
        """The learner within: on this recording's batch and state."""
        learner = self._learner
        before = learner.batch, learner.state
        try:
            learner.batch, learner.state = self.batch, self.state
            yield
        finally:
            learner.batch, learner.state = before


def _written_by(learner: Learner) -> Any:
    """What recorded phases write to: memory to keep."""
    return learner.positive_phase, learner.negative_phase, learner.particles


def _warn(what: str, error: RuntimeError) -> None:
    warnings.warn(f"{what}: {reason(error)}", RuntimeWarning, stacklevel=3)


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
