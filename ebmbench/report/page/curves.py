"""Learning curves as the page carries them: bands of every method, and as many seeds as fit.

A curve lies at *moments*, which most values of a method share: epochs, updates and seconds.
Multiply-adds are the updates times what an update takes. Bands follow ``has_band``; where a mean is
of fewer than ``FEWEST_FOR_BAND`` seeds there is none, and the page draws the seeds themselves.
Seeds that diverged come with their last value; where nothing else is known of a method, with all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ebmbench.journal import documents
from ebmbench.journal.documents import CellRecord
from ebmbench.report.figures.limits import has_band
from ebmbench.report.figures.panels import (
    FEWEST_FOR_BAND,
    NO_CURVE,
    absent_of,
    is_seen,
    spans_decades,
    title_of,
    trained,
)
from ebmbench.report.page.in_script import all_short, short
from ebmbench.summary import Curve, Leaderboard, Row, Summary, in_spectrum
from ebmbench.summary.statistics import Interval

MOST_NUMBERS = 230_000  # of all single seeds together, at some 6 bytes
SEED_DIGITS = 4
MOST_ENDS = 20  # of a method's seeds that diverged: how many there are is told in words


def curves(
    summary: Summary,
    board: Leaderboard,
    lines: Mapping[str, int],
    records: Mapping[str, Sequence[CellRecord]],
    diverged: Mapping[str, Sequence[CellRecord]],
) -> dict[str, Any]:
    """A dataset's learning curves, value by value.

    Args:
        summary: of the run.
        board: the dataset's, with the methods that are shown.
        lines: method -> its number on the page.
        records: method -> of the seeds that are carried one by one.
        diverged: method -> of its seeds that diverged.
    """
    moments: dict[Curve, int] = {}
    values = [
        {
            "name": value,
            "title": title_of(summary, value),
            "unit": summary.unit(value),
            "better": summary.better(value),
            "log": spans_decades({method: trained(curve) for method, curve in shown.items()}),
            "target": _target(summary, value),
            "curves": [
                {
                    "m": lines[method],
                    "at": moments.setdefault(_moments(curve), len(moments)),
                    **bands(curve.values),
                    "seeds": _seeds(value, curve, records.get(method, ())),
                    "diverged": _ends(value, diverged.get(method, ())),
                }
                for method, curve in shown.items()
            ],
            "absent": [
                {
                    "m": lines[method],
                    "why": why,
                    "seeds": _seeds(value, NO_CURVE, records.get(method, ())),
                    "diverged": _seeds(value, NO_CURVE, diverged.get(method, ())[:MOST_ENDS]),
                }
                for method, why in absent_of(board, value, shown).items()
            ],
        }
        for value in summary.values
        if (shown := _shown(board, value))
    ]
    return {
        "values": values,
        "once": measured_once(summary, board),
        "moments": [*map(_as_numbers, moments)],
        "macs": _macs(board, lines),
    }


def measured_once(summary: Summary, board: Leaderboard) -> list[str]:
    """The values that were measured at a single moment after the start: points, and no curves."""
    values = [v for v in summary.values if not in_spectrum(v) and not _shown(board, v)]
    found = {v: [row.curves[v] for row in board.rows if v in row.curves] for v in values}
    return [v for v, each in found.items() if any(len(trained(c).epochs) == 1 for c in each)]


def bands(values: Sequence[Interval]) -> dict[str, Any]:
    """Means with the ends of their intervals, None for none, and of how many seeds they are."""
    banded = [i if has_band(i) and i.n >= FEWEST_FOR_BAND else None for i in values]
    return {
        "mean": all_short(i.mean for i in values),
        "low": all_short(i.low if i else None for i in banded),
        "high": all_short(i.high if i else None for i in banded),
        "n": max((i.n for i in values), default=0),
    }


def seeds_that_fit(summary: Summary, records: Sequence[CellRecord]) -> tuple[int, ...]:
    """The first seeds of the run, as many as can be carried one by one with all their values."""
    sizes = dict.fromkeys(summary.run.seeds, 0)
    for record in records:
        if record.status == "done":
            sizes[record.seed] += sum(
                len(c.value) for v, c in record.curves.items() if not in_spectrum(v)
            )
    kept: list[int] = []
    numbers = 0
    for seed, size in sizes.items():
        numbers += size
        if numbers > MOST_NUMBERS:
            break
        kept.append(seed)
    return tuple(kept)


def _shown(board: Leaderboard, value: str) -> dict[str, Curve]:
    """Method -> its curve, where there is a line to draw after the start, as figures have it."""
    found = {row.method: row.curves[value] for row in board.rows if value in row.curves}
    return {method: curve for method, curve in found.items() if is_seen(trained(curve))}


def _moments(curve: Curve) -> Curve:
    """The curve without its values."""
    return Curve(curve.epochs, (), curve.updates, curve.seconds)


def _as_numbers(moments: Curve) -> dict[str, Any]:
    return {
        "epoch": all_short(moments.epochs),
        "update": all_short(moments.updates, digits=9),
        "seconds": all_short(moments.seconds, SEED_DIGITS),
    }


def _seeds(value: str, mean: Curve, records: Sequence[CellRecord]) -> list[dict[str, Any]]:
    found = [(r.seed, r.curves[value]) for r in records if value in r.curves]
    return [{"s": seed, **_seed(curve, mean)} for seed, curve in found]


def _ends(value: str, records: Sequence[CellRecord]) -> list[dict[str, Any]]:
    """The last value of each seed, where it has one."""
    found = [(r.seed, end) for r in records if value in r.curves and (end := _end(r.curves[value]))]
    return [{"s": seed, **_seed(end, NO_CURVE)} for seed, end in found[:MOST_ENDS]]


def _end(curve: documents.Curve) -> documents.Curve | None:
    """The last point that is known."""
    known = [i for i, value in enumerate(curve.value) if value is not None]
    if not known:
        return None
    at = slice(known[-1], known[-1] + 1)
    parts = {name: getattr(curve, name)[at] for name in ("epoch", "update", "seconds", "value")}
    return documents.Curve(**parts)


def _seed(curve: documents.Curve, mean: Curve) -> dict[str, Any]:
    """The values, and when they were measured where that differs from the mean's moments."""
    numbers = {"y": all_short(curve.value, SEED_DIGITS)}
    if curve.epoch == mean.epochs:
        return numbers
    own = {"epoch": curve.epoch, "update": curve.update}
    return {**numbers, "own": {**own, "seconds": all_short(curve.seconds, SEED_DIGITS)}}


def _macs(board: Leaderboard, lines: Mapping[str, int]) -> dict[int, Any]:
    """Method -> multiply-adds of an update."""
    return {lines[row.method]: _per_update(row) for row in board.rows if row.cost}


def _per_update(row: Row) -> Any:
    return short(row.cost.total.macs, digits=9) if row.cost else None


def _target(summary: Summary, value: str) -> float | None:
    target = summary.target
    return target.limit if target and target.value == value else None
