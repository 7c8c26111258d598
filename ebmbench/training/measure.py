"""Models measured as they are made."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from ebmbench.training.built import Built
from ebmbench.training.evaluator import Evaluator, Tell
from ebmbench.training.outcome import Outcome
from ebmbench.training.recipe import Recipe
from ebmbench.training.stopwatch import Stopwatch
from ebmbench.training.streams import Streams


def measure_replicas(recipe: Recipe, seeds: Sequence[int], tell: Tell) -> Outcome:
    """Measure the models of a recipe untrained, one per seed."""
    torch.set_num_threads(1)  # a second thread changes the order of sums
    built, watch = Built.of(recipe, seeds), Stopwatch(torch.device(recipe.device))
    streams = Streams.of(seeds, recipe.dataset_name, recipe.method_name, watch.device)
    evaluator = Evaluator(recipe, list(seeds), built, watch, tell)
    evaluator(0, 0, built.sampler.start(built.model, built.data, streams.start), is_last=True)
    return Outcome(built, evaluator, 0, watch)
