"""Learning curves: values over training, with intervals over seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import nan

import numpy as np

from ebmbench.journal import documents
from ebmbench.journal.documents import CellRecord
from ebmbench.summary.statistics import Bounds, Interval, interval
from ebmbench.summary.value_names import in_spectrum


@dataclass(frozen=True)
class Curve:
    """A value over training: intervals over seeds, at ``epochs``."""

    epochs: tuple[float, ...]
    values: tuple[Interval, ...]


def curves_of(
    values: Sequence[str], records: Sequence[CellRecord], bounds: Callable[[str], Bounds]
) -> dict[str, Curve]:
    """One method's curves by value name, with intervals in their bounds; spectra have none."""
    done = [r.curves for r in records if r.status == "done"]
    names = [v for v in values if not in_spectrum(v) and any(v in c for c in done)]
    return {v: _curve([c[v] for c in done if v in c], bounds(v)) for v in names}


def _curve(seeds: Sequence[documents.Curve], bounds: Bounds) -> Curve:
    at: dict[int, list[float | None]] = {}
    for seed in seeds:
        for epoch, value in zip(seed.epoch, seed.value, strict=True):
            at.setdefault(epoch, []).append(value)
    epochs = tuple(sorted(at))
    return Curve(epochs, tuple(_moment(at[epoch], bounds) for epoch in epochs))


def _moment(values: list[float | None], bounds: Bounds) -> Interval:
    """A gap where only some of the seeds have the value: their mean is not that of all."""
    found = interval(np.array(values, dtype=float), bounds, of=len(values))
    return replace(found, mean=nan, low=nan, high=nan) if found.partial else found
