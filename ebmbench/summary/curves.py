"""Learning curves: values over training, with intervals over seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ebmbench.journal import documents
from ebmbench.journal.documents import CellRecord
from ebmbench.summary.statistics import Interval, interval
from ebmbench.summary.value_names import in_spectrum


@dataclass(frozen=True)
class Curve:
    """A value over training: intervals over seeds, at ``epochs``."""

    epochs: tuple[float, ...]
    values: tuple[Interval, ...]


def curves_of(values: Sequence[str], records: Sequence[CellRecord]) -> dict[str, Curve]:
    """One method's curves by value name; spectra have none."""
    done = [r.curves for r in records if r.status == "done"]
    names = [v for v in values if not in_spectrum(v) and any(v in c for c in done)]
    return {v: _curve([c[v] for c in done if v in c]) for v in names}


def _curve(seeds: Sequence[documents.Curve]) -> Curve:
    at: dict[int, list[float | None]] = {}
    for seed in seeds:
        for epoch, value in zip(seed.epoch, seed.value, strict=True):
            at.setdefault(epoch, []).append(value)
    epochs = tuple(sorted(at))
    return Curve(epochs, tuple(interval(np.array(at[e], dtype=float)) for e in epochs))
