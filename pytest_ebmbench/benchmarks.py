"""What an update of each method costs, as benchmarks of pytest-benchmark, where that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ebmbench.running.blocks.update import Update
from ebmbench.training.recipe import Recipe
from ebmbench.training.stopwatch import Stopwatch

SEED = 0


def benchmarks(
    parent: pytest.Collector, recipes: Mapping[tuple[str, str], Recipe]
) -> Iterator[pytest.Item]:
    """A benchmark per method and dataset; none where pytest-benchmark is absent or turned off."""
    there = parent.config.pluginmanager.hasplugin("benchmark")
    if not there or parent.config.getoption("benchmark_disable"):
        return
    for (dataset, method), recipe in recipes.items():
        name = f"{dataset}: {method}: update"
        yield pytest.Function.from_parent(parent, name=name, callobj=_benchmark_of(recipe))


def _benchmark_of(recipe: Recipe) -> Any:
    def update(benchmark: Any) -> None:
        made = Update(recipe, [SEED])
        watch = Stopwatch(made.device)
        benchmark(lambda: made.make(watch))

    return update
