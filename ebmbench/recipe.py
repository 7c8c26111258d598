"""Recipes and cells: what is trained, with nothing left to look up."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ebmbench.batches import Batching
from ebmbench.choice import Choice
from ebmbench.component import Options
from ebmbench.environment import content_digest, harness_digest, source_digest
from ebmbench.measurement import Measurement
from ebmbench.optimizer import OptimizerOptions
from ebmbench.schedule import At


@dataclass(frozen=True)
class Recipe:
    """Everything a training depends on but the seed. Frozen and picklable.

    Attributes:
        dataset_name, method_name: as the suite calls them; streams are derived from them.
        kernel: what does Gibbs sweeps; None where no installed kernel can.
        metrics: what is measured, and when; only what applies.
        target: the value that progress shows, or None.
    """

    dataset_name: str
    method_name: str
    dataset: Choice
    model: Choice
    sampler: Choice
    kernel: Choice | None
    optimizer: OptimizerOptions
    batch: Batching
    metrics: tuple[Measurement, ...]
    epochs: int
    device: str
    target: str | None = None

    def description(self) -> dict[str, Any]:
        """All that a result depends on, as plain data."""
        return {
            "harness": harness_digest(),
            "dataset_name": self.dataset_name,
            "method_name": self.method_name,
            "dataset": _describe(self.dataset),
            "files": [content_digest(file) for file in self.dataset.build().files()],
            "model": _describe(self.model),
            "sampler": _describe(self.sampler),
            "kernel": self.kernel and _describe(self.kernel),
            "optimizer": self.optimizer.model_dump(mode="json"),
            "batch": self.batch.model_dump(mode="json"),
            "metrics": [
                [each.name, _describe(each.metric), _plain(each.at)] for each in self.metrics
            ],
            "epochs": self.epochs,
            "device": self.device,
        }

    def digest(self) -> str:
        """A digest of ``description``."""
        text = json.dumps(self.description(), sort_keys=True)
        return sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Cell:
    """One training of one replica: a recipe and a seed."""

    recipe: Recipe
    seed: int
    id: str

    @classmethod
    def of(cls, recipe: Recipe, seed: int, digest: str) -> Cell:
        """The cell with an id that is readable and tells its content."""
        names = f"{_slug(recipe.dataset_name)}--{_slug(recipe.method_name)}"
        return cls(recipe, seed, f"{names}--s{seed}--{digest[:12]}")


def _describe(choice: Choice) -> dict[str, Any]:
    component = choice.component
    return {
        "name": component.name,
        "version": component.version,
        "options": choice.options.model_dump(mode="json"),
        "source": source_digest(component.__module__.split(".")[0]),
    }


def _plain(at: At) -> Any:
    return at.model_dump(mode="json") if isinstance(at, Options) else at


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9.=_-]+", "-", name).strip("-")
