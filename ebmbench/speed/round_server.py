"""One side of a race: measures an update of a method whenever it is asked to.

Run as a script by the side's own Python; the other side may run another version of it, so the
protocol stays as it is. A JSON document a line: first the methods of the suite, or why there are
none; then for each [dataset, method] that comes in, the seconds of one update.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import torch

from ebmbench.errors import ComponentError
from ebmbench.interfaces.installed.registry import Registry
from ebmbench.isolation.contained import contained
from ebmbench.plan.plan import make_plan
from ebmbench.running.blocks.update import Update
from ebmbench.suite.suite import read_suite
from ebmbench.training.recipe import Recipe
from ebmbench.training.stopwatch import Stopwatch

ROUND = 0.05  # seconds of a round, at least
SEED = 0

Names = tuple[str, str]


class Racer:
    """An update that is measured round by round."""

    def __init__(self, recipe: Recipe) -> None:
        self.update = Update(recipe, [SEED])
        self.watch = Stopwatch(self.update.device)
        self.seconds(1)  # compiles what is not compiled yet
        self.updates = 1
        while self.seconds(self.updates) < ROUND:
            self.updates *= 2

    def round(self) -> float:
        """Seconds of an update."""
        return self.seconds(self.updates) / self.updates

    def seconds(self, updates: int) -> float:
        """Seconds of so many updates."""
        start = perf_counter()
        for _ in range(updates):
            self.update.make(self.watch)
        return perf_counter() - start


def recipes_of(suite: Path) -> dict[Names, Recipe]:
    """By dataset and method."""
    registry = Registry.discover()
    plan = make_plan(read_suite(suite, registry), registry)
    return {(recipe.dataset_name, recipe.method_name): recipe for recipe in plan.recipes}


def answers(suite: Path, questions: Iterator[str]) -> Iterator[Any]:
    """What this side says, line by line."""
    try:
        with contained("", passing=()):  # another revision may fail in any way
            recipes = recipes_of(suite)
    except ComponentError as error:
        yield {"problem": str(error)}
        return
    yield {"methods": list(recipes)}
    racers: dict[Names, Racer] = {}
    for line in questions:
        dataset, method = json.loads(line)
        if (dataset, method) not in racers:
            racers[dataset, method] = Racer(recipes[dataset, method])
        yield racers[dataset, method].round()


if __name__ == "__main__":
    out, sys.stdout = sys.stdout, sys.stderr  # what else is printed is no answer
    torch.set_num_threads(1)
    for answer in answers(Path(sys.argv[1]), iter(sys.stdin)):
        print(json.dumps(answer), file=out, flush=True)
