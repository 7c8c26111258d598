"""Blocks that nobody trains, and a clock that is told the time."""

from dataclasses import replace

from ebmbench.running.blocks.block import Block
from support.suites import SMALL, plan


class Clock:
    """Seconds, as they are set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def blocks_of(folder, seeds=3, epochs=3):
    """A block of each of three methods, two of which have brackets in their names."""
    text = SMALL.replace("k: 2}", "k: 2}\n    sweep: {sampler.k: [1, 3]}", 1)
    cells = plan(folder, text.replace("baseline: CD-2", "baseline: RAPID")).cells
    made = [replace(cell, recipe=replace(cell.recipe, epochs=epochs)) for cell in cells]
    starts = range(0, len(made), 3)
    return [Block(tuple(made[start : start + 3][:seeds])) for start in starts]


def named(block, method, dataset=None, target=None):
    """The same block of a method, and a dataset, of other names."""
    changes = {"method_name": method}
    changes |= {"dataset_name": dataset} if dataset else {}
    changes |= {"target": target} if target else {}
    cells = tuple(
        replace(
            cell, recipe=replace(cell.recipe, **changes), id=f"{dataset}--{method}--s{cell.seed}"
        )
        for cell in block.cells
    )
    return Block(cells)
