"""Several tests at once: Holm's step-down correction."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def factors(p: Mapping[K, float]) -> dict[K, float]:
    """By what each p is multiplied: the hypotheses not rejected before it, never decreasing in p.

    A hypothesis is rejected at 5 % where p times its factor is below 5 %: where its own interval
    at 1 - 5 % / factor leaves out 0 (Holm 1979).
    """
    found: dict[K, float] = {}
    largest = 0.0
    for rank, name in enumerate(sorted(p, key=lambda name: p[name])):
        factor = float(len(p) - rank)
        largest = max(largest, p[name] * factor)
        found[name] = largest / p[name] if p[name] else factor
    return found


def holm(p: Mapping[K, float]) -> dict[K, float]:
    """Each p after the correction."""
    by = factors(p)
    return {name: min(1.0, by[name] * p[name]) for name in by}
