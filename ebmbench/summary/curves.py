"""Learning curves: values over training, with intervals over seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf, nan
from statistics import fmean, mean

import numpy as np

from ebmbench.journal import documents
from ebmbench.journal.documents import CellRecord
from ebmbench.summary.statistics import Bounds, Interval, interval
from ebmbench.summary.value_names import in_spectrum


@dataclass(frozen=True)
class Curve:
    """A value over training: intervals over seeds, at ``epochs``.

    Attributes:
        epochs: or whatever else it is drawn along; where seeds end at different ones, the mean.
        updates, seconds: of training until then, means over the seeds; empty where unknown.
    """

    epochs: tuple[float, ...]
    values: tuple[Interval, ...]
    updates: tuple[float, ...] = ()
    seconds: tuple[float, ...] = ()


_Point = tuple[int, int, float, float | None]  # epoch, update, seconds, value


def curves_of(
    values: Sequence[str], records: Sequence[CellRecord], bounds: Callable[[str], Bounds]
) -> dict[str, Curve]:
    """One method's curves by value name, with intervals in their bounds; spectra have none."""
    done = [r.curves for r in records if r.status == "done"]
    names = [v for v in values if not in_spectrum(v) and any(v in c for c in done)]
    return {v: _curve([c[v] for c in done if v in c], bounds(v)) for v in names}


def _curve(seeds: Sequence[documents.Curve], bounds: Bounds) -> Curve:
    """Moments of one epoch together, and the ends of all seeds, which time may have set."""
    at: dict[float, list[_Point]] = {}
    for seed in seeds:
        points = [*zip(seed.epoch, seed.update, seed.seconds, seed.value, strict=True)]
        for index, point in enumerate(points, start=1):
            at.setdefault(inf if index == len(points) else point[0], []).append(point)
    columns = [tuple(zip(*points, strict=True)) for _, points in sorted(at.items())]
    return Curve(
        epochs=tuple(mean(epoch) for epoch, *_ in columns),
        values=tuple(_moment(values, bounds) for *_, values in columns),
        updates=tuple(mean(update) for _, update, *_ in columns),
        seconds=tuple(fmean(seconds) for _, _, seconds, _ in columns),
    )


def _moment(values: Sequence[float | None], bounds: Bounds) -> Interval:
    """A gap where only some of the seeds have the value: their mean is not that of all."""
    found = interval(np.array(values, dtype=float), bounds, of=len(values))
    return replace(found, mean=nan, low=nan, high=nan) if found.partial else found
