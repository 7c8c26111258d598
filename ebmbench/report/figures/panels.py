"""What is to be drawn: panels of curves, one per part of a metric."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from math import isnan

from ebmbench.interfaces.metric import Range
from ebmbench.journal import documents
from ebmbench.journal.documents import CellRecord
from ebmbench.report.figures.seeds import Trace, learning_traces, lost_of
from ebmbench.summary import Curve, Leaderboard, Row, Summary, in_spectrum, part_of
from ebmbench.summary.records import by_method
from ebmbench.summary.statistics import Better, Interval
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
TRAINING = (EPOCHS, UPDATES, SECONDS, MACS)
INDEX = XAxis("index", logarithmic=False)
NO_CURVE = Curve((), ())
MOST_BANDS = 6  # curves that a reader can tell apart in one panel
FEWEST_FOR_BAND = 4  # seeds: fewer are drawn one by one


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
        seeds: line -> its seeds one by one, where they are known; diverged ones too.
        one_by_one: whether seeds are drawn in place of all bands.
        ends: between which values y lies, as its metric declares them; None for no end.
        points: whether points stand by themselves, each with its interval, as in a spectrum.
        value: what y is, by its name alone.
        better: which way is better; None where neither is known to be.
        absent: line -> why nothing is known of it as a whole; its curve is empty.
    """

    title: str
    unit: str
    curves: Mapping[str, Curve]
    logarithmic: bool
    target: float | None = None
    x: XAxis = EPOCHS
    seeds: Mapping[str, Sequence[Trace]] = field(default_factory=dict)
    one_by_one: bool = False
    ends: Range = (None, None)
    points: bool = False
    value: str = ""
    better: Better | None = None
    absent: Mapping[str, str] = field(default_factory=dict)

    @property
    def intervals(self) -> list[Interval]:
        """All that is drawn, of all methods."""
        return [i for curve in self.curves.values() for i in curve.values]

    @property
    def is_of_training(self) -> bool:
        """Whether it has learning curves."""
        return self.x in TRAINING and not self.points

    @property
    def is_crowded(self) -> bool:
        """Whether a reader could not tell the curves apart: then each has a panel of its own."""
        return len(self.curves) > MOST_BANDS

    def drawn_seeds(self, line: str) -> list[Trace]:
        """The seeds that are drawn in place of the line's band; none where it has one."""
        done = [trace for trace in self.seeds.get(line, ()) if not trace.diverged and trace.x]
        if line in self.absent:
            return done
        few = max((i.n for i in self.curves[line].values), default=0) < FEWEST_FOR_BAND
        return done if len(done) > 1 and (few or self.one_by_one) else []

    def last_traces(self, line: str) -> list[Trace]:
        """The ways of diverged seeds, drawn where there is nothing else of the line."""
        return self.diverged_seeds(line) if line in self.absent else []

    def diverged_seeds(self, line: str) -> list[Trace]:
        """Those of the line that diverged and had a value before."""
        return [trace for trace in self.seeds.get(line, ()) if trace.diverged and trace.x]


def panels(
    summary: Summary,
    board: Leaderboard,
    metric: str,
    records: Sequence[CellRecord] = (),
    x: XAxis | None = None,
) -> list[Panel]:
    """The learning curves of a metric, a panel per part; none for what is measured only once.

    Args:
        summary: of the run.
        board: the dataset's, with the methods that are drawn.
        metric: whose values.
        records: of the run, for single seeds; without them there are none.
        x: one of the axes above; None for what methods were given alike.
    """
    found, x = [], x or axis_of(summary.run.until)
    mine = by_method(summary.run, board.dataset, records)
    for value in summary.metrics[metric]:
        curves = {
            row.method: trained(along(x, row, row.curves[value]))
            for row in board.rows
            if value in row.curves
        }
        curves = {method: curve for method, curve in curves.items() if is_seen(curve)}
        if curves:
            absent = absent_of(board, value, curves)
            panel = Panel(
                title_of(summary, value),
                summary.unit(value),
                with_absent(board, curves, absent),
                spans_decades(curves),
                _target(summary, value),
                x,
                ends=summary.ends(value),
                value=value,
                better=summary.better(value),
                absent=absent,
            )
            rows = [row for row in board.rows if row.method in panel.curves]
            seeds = {
                row.method: learning_traces(mine[row.method], value, partial(_of_seed, x, row))
                for row in rows
            }
            found.append(replace(panel, seeds=seeds))
    return found


def absent_of(board: Leaderboard, value: str, seen: Iterable[str]) -> dict[str, str]:
    """Method -> why it has no curve, where it was to have one: what became of its seeds."""
    rest = [row for row in board.rows if row.method not in set(seen)]
    return {row.method: why for row in rest if (why := _why_absent(row, value))}


def _why_absent(row: Row, value: str) -> str:
    """ "" where the value is not measured of the method, or not yet, or once."""
    if not row.seeds.done and row.seeds.lost:
        return lost_of([row.seeds])
    measured = row.curves.get(value)
    if measured is None or len(measured.epochs) < 2:
        return ""
    last = measured.values[-1]
    return f"no value on {last.of - last.n} of {last.of} seeds" if isnan(last.mean) else ""


def with_absent(
    board: Leaderboard, curves: Mapping[str, Curve], absent: Iterable[str]
) -> dict[str, Curve]:
    """The curves, with empty ones of what is absent, in the board's order."""
    whole = {**dict.fromkeys(absent, NO_CURVE), **curves}
    return {row.method: whole[row.method] for row in board.rows if row.method in whole}


def axis_of(until: Budget | None) -> XAxis:
    """What methods were given alike."""
    if until is None:
        return EPOCHS
    return MACS if until.macs is not None else UPDATES if until.updates is not None else SECONDS


def along(x: XAxis, row: Row, curve: Curve) -> Curve:
    """The curve along another axis than epochs."""
    if x is EPOCHS:
        return curve
    if x is SECONDS:
        return replace(curve, epochs=curve.seconds)
    return replace(curve, epochs=tuple(_per_update(x, row) * u for u in curve.updates))


def _of_seed(x: XAxis, row: Row, curve: documents.Curve) -> Sequence[float]:
    """Where a seed's values lie."""
    if x is EPOCHS or x is SECONDS:
        return curve.epoch if x is EPOCHS else curve.seconds
    return [_per_update(x, row) * update for update in curve.update]


def _per_update(x: XAxis, row: Row) -> float:
    return row.cost.total.macs if x is MACS and row.cost else 1.0


def spectrum(summary: Summary, board: Leaderboard, metric: str) -> Panel:
    """The final values of a spectrum by index, method by method."""
    indices = {int(part_of(v)): v for v in summary.metrics[metric] if in_spectrum(v)}
    curves = {}
    for row in board.rows:
        mine = {i: row.final[v] for i, v in indices.items() if v in row.final}
        if mine:
            curves[row.method] = Curve(tuple(mine), tuple(mine.values()))
    logarithmic = min(_means(curves), default=0.0) > 0
    unit = summary.unit(metric)
    absent = absent_of(board, metric, curves) if curves else {}
    shown = with_absent(board, curves, absent)
    return Panel(
        metric, unit, shown, logarithmic, x=INDEX, points=True, value=metric, absent=absent
    )


def title_of(summary: Summary, value: str) -> str:
    """The value, and which way is better."""
    better = summary.better(value)
    return f"{value} ({better} is better)" if better else value


def _target(summary: Summary, value: str) -> float | None:
    target = summary.target
    return target.limit if target and target.value == value else None


def trained(curve: Curve) -> Curve:
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
