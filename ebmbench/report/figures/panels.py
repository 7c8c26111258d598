"""What is to be drawn: panels of curves, one per part of a metric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isnan

from ebmbench.summary import Curve, Leaderboard, Row, Summary, in_spectrum, part_of
from ebmbench.summary.statistics import Interval
from ebmbench.training.schedule import Budget

SPAN_FOR_LOG = 100.0  # a y axis turns logarithmic when the largest mean exceeds so many smallest


@dataclass(frozen=True)
class XAxis:
    """What curves run along.

    Attributes:
        label: what x is, with its unit.
        logarithmic: whether x is.
        marks: label -> an x that is marked.
    """

    label: str
    logarithmic: bool
    marks: Mapping[str, float] = field(default_factory=dict)


EPOCHS = XAxis("epoch", logarithmic=True)
UPDATES = XAxis("updates", logarithmic=True)
SECONDS = XAxis("seconds of training", logarithmic=True)
MACS = XAxis("multiply-adds", logarithmic=True)


@dataclass(frozen=True)
class Panel:
    """One pair of axes.

    Attributes:
        title: the value, and which way is better.
        unit: of y; "" where it has none.
        curves: line -> what to draw; x is the epoch, the index in a spectrum, or as ``x`` says.
        logarithmic: whether y is.
        target: where to draw the target; None for nowhere.
        x: what the curves run along.
    """

    title: str
    unit: str
    curves: Mapping[str, Curve]
    logarithmic: bool
    target: float | None = None
    x: XAxis = EPOCHS

    @property
    def intervals(self) -> list[Interval]:
        """All that is drawn, of all methods."""
        return [i for curve in self.curves.values() for i in curve.values]


def panels(summary: Summary, board: Leaderboard, metric: str) -> list[Panel]:
    """The learning curves of a metric, a panel per part; none for what is measured only once."""
    found, x = [], _axis(summary.run.until)
    for value in summary.metrics[metric]:
        curves = {
            row.method: _trained(_along(x, row, row.curves[value]))
            for row in board.rows
            if value in row.curves
        }
        curves = {method: curve for method, curve in curves.items() if is_seen(curve)}
        if curves:
            title, unit = title_of(summary, value), summary.unit(value)
            target = _target(summary, value)
            found.append(Panel(title, unit, curves, spans_decades(curves), target, x))
    return found


def _axis(until: Budget | None) -> XAxis:
    """What methods were given alike."""
    if until is None:
        return EPOCHS
    return MACS if until.macs is not None else UPDATES if until.updates is not None else SECONDS


def _along(x: XAxis, row: Row, curve: Curve) -> Curve:
    """The curve along another axis than epochs."""
    if x is EPOCHS:
        return curve
    if x is SECONDS:
        return replace(curve, epochs=curve.seconds)
    macs = row.cost.total.macs if x is MACS and row.cost else 1.0
    return replace(curve, epochs=tuple(macs * update for update in curve.updates))


def spectrum(summary: Summary, board: Leaderboard, metric: str) -> Panel:
    """The final values of a spectrum by index, method by method."""
    indices = {int(part_of(v)): v for v in summary.metrics[metric] if in_spectrum(v)}
    curves = {}
    for row in board.rows:
        mine = {i: row.final[v] for i, v in indices.items() if v in row.final}
        if mine:
            curves[row.method] = Curve(tuple(mine), tuple(mine.values()))
    return Panel(metric, summary.unit(metric), curves, min(_means(curves), default=0.0) > 0)


def title_of(summary: Summary, value: str) -> str:
    """The value, and which way is better."""
    better = summary.better(value)
    return f"{value} ({better} is better)" if better else value


def _target(summary: Summary, value: str) -> float | None:
    target = summary.target
    return target.limit if target and target.value == value else None


def _trained(curve: Curve) -> Curve:
    """Without the start, which a logarithmic axis cannot show, and without empty means."""
    full = without_empty(curve)
    kept = [(e, i) for e, i in zip(full.epochs, full.values, strict=True) if e > 0]
    return Curve(tuple(e for e, _ in kept), tuple(i for _, i in kept))


def is_seen(curve: Curve) -> bool:
    """Whether there is a line to draw: more than one moment, and a mean at one of them."""
    return len(curve.epochs) > 1 and not all(isnan(i.mean) for i in curve.values)


def without_empty(curve: Curve) -> Curve:
    """Without the points that no seed has."""
    kept = [(x, i) for x, i in zip(curve.epochs, curve.values, strict=True) if i.n]
    return Curve(tuple(x for x, _ in kept), tuple(i for _, i in kept))


def spans_decades(curves: Mapping[str, Curve]) -> bool:
    """Whether y should be logarithmic."""
    means = _means(curves)
    return min(means) > 0 and max(means) > SPAN_FOR_LOG * min(means)


def _means(curves: Mapping[str, Curve]) -> list[float]:
    return [i.mean for curve in curves.values() for i in curve.values if not isnan(i.mean)]
