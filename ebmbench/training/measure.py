"""Models measured as they are made, and what comes of measuring, trained or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ebmbench.training.built import Built
from ebmbench.training.evaluator import Evaluator, Tell
from ebmbench.training.recipe import Recipe
from ebmbench.training.stopwatch import Stopwatch
from ebmbench.training.streams import Streams


@dataclass(frozen=True)
class Outcome:
    """What became of R replicas.

    Attributes:
        built: the model with its last parameters, and what it was trained with.
        evaluator: what was seen on the way.
        updates: how many were made.
        seconds: training time by phase, all replicas together.
    """

    built: Built
    evaluator: Evaluator
    updates: int
    seconds: Mapping[str, float]

    def parameters(self, replica: int) -> dict[str, Tensor]:
        """The final parameters of one replica by name, (1, ...) each."""
        return {
            name: each[replica : replica + 1].detach().cpu().clone()
            for name, each in self.built.model.named_parameters()
        }


def measure_replicas(recipe: Recipe, seeds: Sequence[int], tell: Tell) -> Outcome:
    """Measure the models of a recipe untrained, one per seed."""
    built, watch = Built.of(recipe, seeds), Stopwatch(torch.device(recipe.device))
    streams = Streams.of(seeds, recipe.dataset_name, recipe.method_name, watch.device)
    evaluator = Evaluator(recipe, list(seeds), built, watch, tell)
    evaluator(0, 0, built.sampler.start(built.model, built.data, streams.start))
    return Outcome(built, evaluator, 0, watch.seconds)
