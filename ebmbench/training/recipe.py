"""Recipes: what is trained and measured, with nothing left to look up."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from ebmbench.interfaces.choice import Choice
from ebmbench.interfaces.dataset import Dataset
from ebmbench.interfaces.kernel import GibbsKernel
from ebmbench.interfaces.metric import Metric
from ebmbench.interfaces.model import Model
from ebmbench.interfaces.sampler import Sampler
from ebmbench.training.schedule import At

if TYPE_CHECKING:  # models that are measured untrained depend on neither
    from ebmbench.training.batches import Batching
    from ebmbench.training.optimizer import OptimizerOptions


class Measurement(NamedTuple):
    """One entry of a suite's metrics.

    Attributes:
        metric: what is measured.
        at: when.
        name: what its values are called, ``gibbs_accessibility``; unique in a suite.
    """

    metric: Choice[Metric]
    at: At
    name: str

    def value_name(self, part: str) -> str:
        """``name.part``, or ``name`` for a metric of a single value."""
        return f"{self.name}.{part}" if part else self.name


@dataclass(frozen=True)
class Recipe:
    """Everything a training depends on but the seed. Frozen and picklable.

    Attributes:
        dataset_name, method_name: as the suite calls them; streams are derived from them.
        kernel: what does Gibbs sweeps; None where no installed kernel can.
        metrics: what is measured, and when; only what applies.
        epochs, updates, seconds: it ends with what comes first; None where that ends nothing.
            Seconds are of training, a replica's share.
        held_out: share of the training rows that stands in place of the test rows.
        target: the value that progress shows, or None.
        keep_parameters: whether the final parameters are stored.
    """

    dataset_name: str
    method_name: str
    dataset: Choice[Dataset]
    model: Choice[Model]
    sampler: Choice[Sampler]
    kernel: Choice[GibbsKernel] | None
    optimizer: OptimizerOptions
    batch: Batching
    metrics: tuple[Measurement, ...]
    epochs: int
    device: str
    target: str | None = None
    keep_parameters: bool = False
    updates: int | None = None
    seconds: float | None = None
    held_out: float = 0.0

    @property
    def extent(self) -> tuple[int, str]:
        """How far it goes, and in what: epochs, or seconds where these end it."""
        if self.seconds is None:
            return self.epochs, "epoch"
        return ceil(self.seconds), "second"
