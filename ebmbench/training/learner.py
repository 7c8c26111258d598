"""A model in training: what an update is, phase by phase."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import torch
from torch import Tensor

from ebmbench.errors import ComponentError, EbmbenchError, reason
from ebmbench.interfaces.dataset import Splits
from ebmbench.interfaces.model import Model, Moment
from ebmbench.interfaces.sampler import Restore, Sampler, wrong_phase
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.phases import Phase
from ebmbench.numerics.updates.whole_update import Step, WholeUpdate
from ebmbench.training.optimizer import Optimizer
from ebmbench.training.steps.change import Taken
from ebmbench.training.stopwatch import DATA, NEGATIVE, OPTIMIZER, Stopwatch
from ebmbench.training.streams import Streams
from ebmbench.training.untouched import Untouched


class Phases(Protocol):
    """The three phases of an update, each from what the one before left; one may be repeated."""

    def data(self) -> None:
        """<dF>_data."""

    def negative(self) -> None:
        """<dF>_model, from the sampler's state onwards."""

    def step(self) -> None:
        """The optimiser's step."""


class Recorded(Phases, Protocol):
    """An update that is recorded: its phases can be had one by one, and all in one."""

    shares: Sequence[float] | None
    """Of each phase in the time of an update, once that is known, and ``whole`` can be had."""

    def whole(self) -> None:
        """All phases."""

    def timed(self, watch: Stopwatch) -> None:
        """Take note of the update that was made phase by phase and timed by ``watch``."""


class Learner(Phases):
    """Updates R replicas side by side: w <- w - step((1 - u) <dF>_data - <dF>_model).

    ``take`` a batch, then do the three ``phases`` of its update.

    Args:
        choose: says which recording makes the update that was taken; None where none does, and by
            default.
        unlearning: u, the share of every data phase that is left out.
        whole: makes whole updates of batches that fit it; None where nothing does.

    Attributes:
        splits: what is learned.
        state: what the sampler's next update starts from.
        positive_phase, negative_phase: (1 - u) <dF>_data and <dF>_model, once they were found.
        particles: what the latter was taken over, or None.
        restore: parameters of replicas in which the sampler rejects the update.
    """

    positive_phase: Phase
    negative_phase: Phase
    particles: Particles | None
    restore: Restore | None

    def __init__(
        self,
        model: Model,
        sampler: Sampler,
        optimizer: Optimizer,
        splits: Splits,
        streams: Streams,
        choose: Callable[[Learner], Recorded | None] | None = None,
        unlearning: float = 0.0,
        whole: WholeUpdate | None = None,
    ) -> None:
        self.model, self.sampler, self.optimizer = model, sampler, optimizer
        self.splits, self.streams = splits, streams
        self._parameters = tuple(model.parameters())
        self.state = sampler.start(model, splits, streams.start)
        self._choose, self._kept_share = choose, 1 - unlearning
        self._chosen: Recorded | None = None
        self._whole = whole

    def take(self, batch: Particles, epoch: int) -> None:
        """The batch of the next update, and its epoch, from 1."""
        self.batch, self.epoch = batch, epoch
        if self._choose:
            self._chosen = self._choose(self)

    @property
    def phases(self) -> Phases:
        """What does the phases of the update that was taken."""
        return self._chosen or self

    def make(self, watch: Stopwatch, when: Moment) -> None:
        """Make the update that was taken, timed by phase."""
        if self._whole and self._whole.fits(self.batch):
            with watch.shared() as lap:
                lap.shares = self._make_whole(self._whole)
                self.project(when)
            return
        if self._chosen and self._chosen.shares:
            with watch.shared() as lap:
                lap.shares = self._chosen.shares
                self._chosen.whole()
                self.project(when)
            return
        with watch(DATA):
            self.phases.data()
        with watch(NEGATIVE):
            self.phases.negative()
        with watch(OPTIMIZER):
            self.phases.step()
            self.project(when)
        if self._chosen:
            self._chosen.timed(watch)

    def data(self) -> None:
        phase = self.model.phase(self.batch)
        whole = self._kept_share == 1
        self.positive_phase = phase if whole else tuple(self._kept_share * part for part in phase)

    def negative(self) -> None:
        untouched = Untouched({"batch": self.batch.v, "parameters": self._parameters})
        try:
            found = self.sampler.negative_phase(
                self.model, self.batch, self.state, self.streams.negative
            )
        except Exception as error:
            recorded = self.streams.negative.is_recorded  # who records it knows what it means
            if recorded or isinstance(error, EbmbenchError):
                raise
            raise self._fault(reason(error)) from error
        if changed := untouched.changed():
            raise self._fault(f"it changes the {changed[0]} in place")
        if wrong := wrong_phase(found, self._parameters):
            raise self._fault(wrong)
        self.negative_phase, self.state, self.particles, self.restore = found

    def step(self) -> None:
        taken = Taken(self.batch, self._kept_share, self.particles)
        self.optimizer.step(self.positive_phase, self.negative_phase, self.epoch, taken)
        if self.restore is not None:
            self._go_back(*self.restore)

    @torch.no_grad()
    def _go_back(self, to: Phase, rejected: Tensor) -> None:
        """Replicas whose update was rejected: to where they were, and the optimiser starts anew."""
        for parameter, kept in zip(self._parameters, to, strict=True):
            parameter[rejected] = kept[rejected]
        self.optimizer.restart(rejected)

    def _fault(self, why: str) -> ComponentError:
        return ComponentError(f"sampler '{self.sampler.name}'", why)

    def _make_whole(self, whole: WholeUpdate) -> Sequence[float]:
        """A whole update in one call; the shares of its phases in its time."""
        step = Step(self.optimizer.next_numbers(self.epoch), self._kept_share)
        self.state, seconds = whole.make(self.batch, self.state, self.streams.negative, step)
        data, negative, optimizer = seconds.tolist()
        total = data + negative + optimizer
        return data / total, negative / total, optimizer / total

    def project(self, when: Moment) -> None:
        """What the model does after an update."""
        self.model.project(when, self.streams.project)
