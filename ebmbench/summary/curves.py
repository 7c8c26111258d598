"""Learning curves: values over training, with intervals over seeds; what got worse.

A value that ends worse than it was before training tells that something went wrong, such as
parameters that grow without end while all numbers are finite. Of some values that is their nature:
a chain of an untrained model mixes best. So those count that training makes surely better for some
method of the dataset, at some moment, and beside them what methods are judged by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite, nan
from statistics import fmean, mean

import numpy as np

from ebmbench.journal import documents
from ebmbench.journal.documents import CellRecord
from ebmbench.summary.statistics import Better, Bounds, Interval, interval
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


def improved_by_training(
    curves: Iterable[Mapping[str, Curve]], better: Callable[[str], Better | None]
) -> frozenset[str]:
    """Values that some method had better than before training: its interval surely so.

    With one seed there is no interval; then its last mean is looked at alone.
    """
    return frozenset(
        value
        for mine in curves
        for value, curve in mine.items()
        if (way := better(value)) and _is_improved(curve, way)
    )


def setbacks_of(
    curves: Mapping[str, Curve],
    records: Sequence[CellRecord],
    better: Callable[[str], Better | None],
) -> dict[str, int]:
    """Value -> on how many of a method's seeds it ended worse than before training.

    That is worse than the seed itself was, and than the interval over all its seeds reaches.
    """
    found = {}
    for value, curve in curves.items():
        way = better(value)
        if way and _begins_untrained(curve):
            edge = _end(curve.values[0], _other(way))
            ends = [
                r.curves[value].value for r in records if r.status == "done" and value in r.curves
            ]
            found[value] = sum(_is_worse(seed, edge, way) for seed in ends)
    return {value: number for value, number in found.items() if number}


def _is_improved(curve: Curve, better: Better) -> bool:
    if not _begins_untrained(curve):
        return False
    start, *later = curve.values
    moments = later if isfinite(start.half) else later[-1:]
    mine = _end(start, better)
    return any(_worse(mine, _end(each, _other(better)), better) for each in moments)


def _begins_untrained(curve: Curve) -> bool:
    return len(curve.epochs) > 1 and curve.epochs[0] == 0


def _end(of: Interval, towards: Better) -> float:
    """Of an interval; its mean where there is none."""
    end = of.low if towards == "lower" else of.high
    return end if isfinite(end) else of.mean


def _other(way: Better) -> Better:
    return "higher" if way == "lower" else "lower"


def _is_worse(seed: Sequence[float | None], edge: float, better: Better) -> bool:
    first, last = seed[0], seed[-1]
    if first is None or last is None:
        return False
    return _worse(last, edge, better) and _worse(last, first, better)


def _worse(x: float, than: float, better: Better) -> bool:
    return x > than if better == "lower" else x < than


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
