"""When methods reached the target, on both sides."""

from __future__ import annotations

from dataclasses import dataclass

from ebmbench.compare.matched import common_seeds
from ebmbench.compare.side import Side
from ebmbench.summary.targets import Passage, ToTarget, medians, target_of


@dataclass(frozen=True)
class Reached:
    """Time to target of a method on a dataset, medians over the seeds that both sides trained.

    Attributes:
        base, head: a miss counts as never; seconds are NaN where a baseline stores none.
    """

    dataset: str
    method: str
    base: ToTarget
    head: ToTarget


def reached(base: Side, head: Side) -> list[Reached]:
    """Of every method that both sides trained; none where they have no target in common."""
    mine, theirs = (target_of(side.head.report) for side in (base, head))
    if mine is None or mine != theirs:
        return []
    found = (_reached(base, head, *pair) for pair in head.planned)
    return [each for each in found if each]


def passages(
    base: Side, head: Side, dataset: str, method: str
) -> list[tuple[int, Passage, Passage]]:
    """Seed, base's and head's passage, of the seeds that both sides trained."""
    found = []
    for seed in common_seeds(base, head):
        mine, theirs = (side.ends.get((dataset, method, seed)) for side in (base, head))
        if mine and theirs and mine.passage and theirs.passage:
            found.append((seed, mine.passage, theirs.passage))
    return found


def _reached(base: Side, head: Side, dataset: str, method: str) -> Reached | None:
    both = passages(base, head, dataset, method)
    if not both:
        return None
    _, mine, theirs = zip(*both, strict=True)
    return Reached(dataset, method, medians(mine), medians(theirs))
