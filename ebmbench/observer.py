"""Watches a training: measures at the moments asked for, and notices replicas that diverge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from ebmbench.depiction import Depiction
from ebmbench.errors import reason
from ebmbench.journal import finite
from ebmbench.measurement import Measurement
from ebmbench.metric import Metric, View
from ebmbench.noise import Noise
from ebmbench.parts import Parts
from ebmbench.pictures import Pictures
from ebmbench.recipe import Recipe
from ebmbench.sampler import State
from ebmbench.schedule import epochs_of
from ebmbench.stopwatch import Stopwatch

Tell = Callable[[int, float | None], None]
"""Called with the epochs done and the newest mean value of the target metric."""


class Observer:
    """Called by the training loop before training and after each epoch.

    Args:
        recipe: says what is measured, and when.
        seeds: one per replica.
        parts: what is trained.
        watch: the training's clock, read and never touched.
        tell: is told how far the training is.

    Attributes:
        alive: (R,) bool, the replicas that have not diverged.
        unmeasured: what a metric is called -> why it failed. It is not tried again, and neither
            the training nor the other metrics suffer for it.
    """

    def __init__(
        self, recipe: Recipe, seeds: list[int], parts: Parts, watch: Stopwatch, tell: Tell
    ) -> None:
        self.recipe, self.seeds, self.parts = recipe, seeds, parts
        self.watch, self.tell = watch, tell
        self.alive = torch.ones(len(seeds), dtype=torch.bool, device=watch.device)
        self.unmeasured: dict[str, str] = {}
        self._diverged_at: list[int | None] = [None] * len(seeds)
        self._newest: float | None = None
        self._curves: dict[str, dict[str, list[Any]]] = {}
        self._pictures: dict[str, dict[int, Depiction]] = {}
        self._metrics: list[tuple[Measurement, Metric, frozenset[int]]] = [
            (each, each.metric.build(), epochs_of(each.at, recipe.epochs))
            for each in recipe.metrics
        ]

    def __call__(self, epoch: int, update: int, state: State) -> bool:
        """Look at all replicas; False once none is left alive."""
        self._bury_diverged(epoch)
        view = self._view(epoch, state)
        for measurement, metric, epochs in self._metrics:
            if epoch in epochs and measurement.name not in self.unmeasured:
                self._measure(measurement, metric, view, update)
        self.tell(epoch, self._newest)
        return bool(self.alive.any())

    def outcome(self, index: int) -> tuple[str, str | None]:
        """The replica's status and, unless it is done, the reason."""
        epoch = self._diverged_at[index]
        if epoch is None:
            return "done", None
        return "diverged", f"parameters were no longer finite after epoch {epoch}"

    def curves(self, index: int) -> dict[str, dict[str, list[Any]]]:
        """The replica's values over training."""
        return {
            name: {**curve, "value": [finite(values[index]) for values in curve["value"]]}
            for name, curve in self._curves.items()
        }

    def pictures(self, index: int) -> Pictures:
        """The replica's pictures; none once it has diverged."""
        if self._diverged_at[index] is not None:
            return Pictures({}, {})
        return Pictures.of(self._pictures, index)

    def _bury_diverged(self, epoch: int) -> None:
        """Mark replicas with non-finite parameters and zero them, so that nothing chokes on NaN."""
        with torch.no_grad():
            finite_now = torch.stack(
                [p.isfinite().flatten(1).all(1) for p in self.parts.model.parameters()]
            ).all(0)
            for index in torch.nonzero(self.alive & ~finite_now).flatten().tolist():
                self._diverged_at[index] = epoch
            self.alive &= finite_now
            if not self.alive.all():
                for p in self.parts.model.parameters():
                    p[~self.alive] = 0.0

    def _view(self, epoch: int, state: State) -> View:
        return View(
            model=self.parts.model,
            data=self.parts.data,
            sampler=self.parts.sampler,
            state=state,
            kernel=self.parts.kernel,
            epoch=epoch,
            noise=self._noise("view", epoch),
            negative_noise=self._noise("negative view", epoch),
        )

    def _measure(self, measurement: Measurement, metric: Metric, view: View, update: int) -> None:
        try:
            own = view.with_noise(self._noise(metric.name, view.epoch))
            parts = metric.measure(own)
        except Exception as error:  # a metric may fail in any way; the training goes on
            self.unmeasured[measurement.name] = f"at epoch {view.epoch}: {reason(error)}"
            return
        for part, found in parts.items():
            name = measurement.value_name(part)
            if isinstance(found, Tensor):
                self._keep(name, view.epoch, update, found)
            else:
                self._pictures.setdefault(name, {})[view.epoch] = found

    def _keep(self, name: str, epoch: int, update: int, values: Tensor) -> None:
        """Add the replicas' values (R,) to the curve of this name."""
        kept = torch.where(self.alive, values.double(), torch.nan)
        curve = self._curves.setdefault(
            name, {"epoch": [], "update": [], "seconds": [], "value": []}
        )
        curve["epoch"].append(epoch)
        curve["update"].append(update)
        curve["seconds"].append(self.watch.total / len(self.seeds))
        curve["value"].append(kept.tolist())
        if name == self.recipe.target:
            self._newest = finite(kept.nanmean().item())

    def _noise(self, purpose: str, epoch: int) -> Noise:
        """Streams for measuring: the same for all methods, and apart from all training."""
        names = ("measure", self.recipe.dataset_name, purpose, epoch)
        return Noise(self.seeds, *names, device=self.watch.device)
