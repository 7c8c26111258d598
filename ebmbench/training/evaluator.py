"""Watches a training: measures at the moments asked for, and notices replicas that diverge."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf, isfinite
from time import monotonic
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor

from ebmbench.errors import ComponentError
from ebmbench.interfaces.depiction import Depiction
from ebmbench.interfaces.metric import Metric, View
from ebmbench.interfaces.sampler import State
from ebmbench.isolation.contained import contained
from ebmbench.numerics.noise import Noise
from ebmbench.training.built import Built
from ebmbench.training.recipe import Measurement, Recipe
from ebmbench.training.schedule import is_due
from ebmbench.training.stopwatch import Stopwatch
from ebmbench.training.untouched import Kept, Untouched, parts_of

PART = re.compile(r"[\w.-]*")  # what a part may be called
SLOW = 0.1  # seconds from which on it is told beforehand that a metric is measured


class Progress(NamedTuple):
    """How far a training is.

    Attributes:
        epoch: how much of the recipe's extent is done.
        value: the newest mean of the target metric; None where there is none.
        updates: made so far.
        seconds: of training so far, of all replicas together.
        measuring: what the metric is called that is measured now; None where none is.
    """

    epoch: int
    value: float | None = None
    updates: int = 0
    seconds: float = 0.0
    measuring: str | None = None


Tell = Callable[[Progress], None]


@dataclass
class BlockCurve:
    """A value of all replicas over training, moment by moment.

    Attributes:
        metric: what its metric is called.
        may_be_missing: whether the metric says why it may have no value.
        epoch, update: trained so far.
        seconds: training time so far, a replica's share.
        value: (R,) each; NaN of a replica that has diverged.
    """

    metric: str
    may_be_missing: bool
    epoch: list[int] = field(default_factory=list)
    update: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    value: list[list[float]] = field(default_factory=list)


class Evaluator:
    """Called by the training loop before training and after each epoch.

    Args:
        recipe: says what is measured, and when.
        seeds: one per replica.
        built: what is trained.
        watch: the training's clock, read and never touched.
        tell: is told how far the training is.

    Attributes:
        alive: (R,) bool, the replicas that have not diverged.
        failed: what a metric is called -> why it failed. It is not tried again, and neither
            the training nor the other metrics suffer for it.
        curves: by value name.
    """

    def __init__(
        self, recipe: Recipe, seeds: list[int], built: Built, watch: Stopwatch, tell: Tell
    ) -> None:
        self.recipe, self.seeds, self.built = recipe, seeds, built
        self.watch, self.tell = watch, tell
        self.alive = torch.ones(len(seeds), dtype=torch.bool, device=watch.device)
        self.failed: dict[str, str] = {}
        self.curves: dict[str, BlockCurve] = {}
        self._diverged_at: list[int | None] = [None] * len(seeds)
        self._newest: float | None = None
        self._took: dict[str, float] = {}  # seconds, by what a metric is called
        self._data = Untouched(parts_of(built.data))
        self._pictures: dict[str, dict[int, Depiction]] = {}
        self._metrics: list[tuple[Measurement, Metric]] = [
            (each, each.metric.build()) for each in recipe.metrics
        ]

    def __call__(self, epoch: int, update: int, state: State, is_last: bool) -> bool:
        """Look at all replicas; False once none is left alive.

        Args:
            is_last: whether the training ends here.
        """
        self._require_same_data(f"sampler '{self.built.sampler.name}'", "in training")
        self._bury_diverged(epoch)
        due = [
            (measurement, metric)
            for measurement, metric in self._metrics
            if (is_last or is_due(measurement.at, epoch)) and measurement.name not in self.failed
        ]
        if due:
            view, kept = self._view(epoch, state), Kept(self.built.model.parameters())
            for measurement, metric in due:
                self._say_if_slow(measurement.name, epoch, update)
                began = monotonic()
                self._measure(measurement, metric, view, update, kept)
                self._took[measurement.name] = monotonic() - began
        self.tell(self._progress(epoch, update))
        return bool(self.alive.any())

    def outcome(self, index: int) -> tuple[Literal["done", "diverged"], str | None]:
        """The replica's status and, unless it is done, the reason."""
        epoch = self._diverged_at[index]
        if epoch is None:
            return "done", None
        return "diverged", f"parameters were no longer finite after epoch {epoch}"

    def unmeasured(self, index: int) -> dict[str, str]:
        """What a metric is called -> why it failed, or why the replica has no value at the end."""
        found = dict(self.failed)
        for name, curve in self.curves.items():
            last, alive = curve.value[-1][index], self._diverged_at[index] is None
            if alive and not isfinite(last) and not curve.may_be_missing:
                found.setdefault(curve.metric, f"{name} is {last} at epoch {curve.epoch[-1]}")
        return found

    def pictures(self, index: int) -> Mapping[str, Mapping[int, Depiction]]:
        """Name -> epoch -> what the replica is in; nothing once it has diverged."""
        return {} if self._diverged_at[index] is not None else self._pictures

    def standing(self) -> dict[str, Any]:
        """What was seen so far, to go on from."""
        return {
            "alive": self.alive,
            "diverged_at": self._diverged_at,
            "failed": self.failed,
            "newest": self._newest,
            "curves": self.curves,
            "pictures": self._pictures,
        }

    def restore(self, seen: Mapping[str, Any]) -> None:
        """Go on from what was seen before."""
        self.alive.copy_(seen["alive"])
        self._diverged_at = seen["diverged_at"]
        self.failed, self._newest = seen["failed"], seen["newest"]
        self.curves, self._pictures = seen["curves"], seen["pictures"]

    def _bury_diverged(self, epoch: int) -> None:
        """Mark replicas with non-finite parameters and zero them, so that nothing chokes on NaN."""
        with torch.no_grad():
            finite_now = torch.stack(
                [p.isfinite().flatten(1).all(1) for p in self.built.model.parameters()]
            ).all(0)
            for index in torch.nonzero(self.alive & ~finite_now).flatten().tolist():
                self._diverged_at[index] = epoch
            self.alive &= finite_now
            if not self.alive.all():
                for p in self.built.model.parameters():
                    p[~self.alive] = 0.0

    def _say_if_slow(self, metric: str, epoch: int, update: int) -> None:
        """Tell that a metric is measured next, unless it was fast the last time."""
        if self._took.get(metric, inf) > SLOW:
            self.tell(self._progress(epoch, update)._replace(measuring=metric))

    def _progress(self, epoch: int, update: int) -> Progress:
        extent = epoch if self.recipe.seconds is None else int(self._seconds)
        return Progress(extent, self._newest, update, self.watch.total)

    @property
    def _seconds(self) -> float:
        """Of training so far, a replica's share."""
        return self.watch.total / len(self.seeds)

    def _view(self, epoch: int, state: State) -> View:
        return View(
            model=self.built.model,
            data=self.built.data,
            sampler=self.built.sampler,
            state=state,
            kernel=self.built.kernel,
            epoch=epoch,
            noise=self._noise("view", epoch),
            negative_noise=self._noise("negative view", epoch),
        )

    def _measure(
        self, measurement: Measurement, metric: Metric, view: View, update: int, kept: Kept
    ) -> None:
        try:
            with contained(f"metric '{metric.name}'", passing=()), kept.put_back():
                own = view.with_noise(self._noise(metric.name, view.epoch))
                parts = self._checked(metric.measure(own))
        except ComponentError as error:  # a metric may fail in any way; the training goes on
            self.failed[measurement.name] = f"at epoch {view.epoch}: {error.why}"
            parts = {}
        self._require_same_data(f"metric '{metric.name}'", f"at epoch {view.epoch}")
        for part, found in parts.items():
            name = measurement.value_name(part)
            if isinstance(found, Tensor):
                curve = BlockCurve(measurement.name, bool(metric.why_missing(part)))
                self._keep(self.curves.setdefault(name, curve), view.epoch, update, found)
                self._tell_newest(name)
            else:
                self._pictures.setdefault(name, {})[view.epoch] = found

    def _require_same_data(self, who: str, when: str) -> None:
        """All methods and metrics share the data: a change of it would falsify what follows.

        Raises:
            ComponentError: it was changed.
        """
        if changed := self._data.changed():
            raise ComponentError(who, f"{', '.join(changed)} was changed in place {when}")

    def _checked(self, parts: Any) -> dict[str, Tensor | Depiction]:
        """What a metric measured, if it is something to keep: (R,) values, or pictures."""
        found = dict(parts)
        for part, each in found.items():
            if not isinstance(part, str) or not isinstance(each, Tensor | Depiction):
                kind = type(each).__name__
                raise TypeError(f"measure() gives a {kind} for {part!r}, no tensor and no picture")
            if not PART.fullmatch(part):
                raise ValueError(f"measure() gives {part!a}: a name of letters, digits, _ . and -")
            if isinstance(each, Tensor) and (each.is_complex() or each.shape != self.alive.shape):
                wanted = f"({len(self.alive)},), a value per replica"
                given = f"{tuple(each.shape)} {each.dtype}"
                raise ValueError(f"measure() gives {part!r} as {given}, not {wanted}")
        return found

    def _keep(self, curve: BlockCurve, epoch: int, update: int, values: Tensor) -> None:
        """Add the replicas' values (R,) to a curve."""
        curve.epoch.append(epoch)
        curve.update.append(update)
        curve.seconds.append(self._seconds)
        curve.value.append(torch.where(self.alive, values.double(), torch.nan).tolist())

    def _tell_newest(self, name: str) -> None:
        """Remember the mean of the target's newest values, for whoever watches."""
        if name == self.recipe.target:
            mean = torch.tensor(self.curves[name].value[-1]).nanmean().item()
            self._newest = mean if isfinite(mean) else None

    def _noise(self, purpose: str, epoch: int) -> Noise:
        """Streams for measuring: the same for all methods, and apart from all training."""
        names = ("measure", self.recipe.dataset_name, purpose, epoch)
        return Noise(self.seeds, *names, device=self.watch.device)
