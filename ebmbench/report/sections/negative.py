"""The table of the negative phase, per epoch and per update."""

from __future__ import annotations

from ebmbench.interfaces.cost import Cost
from ebmbench.report.negative import negative_line
from ebmbench.report.numbers import NOTHING, count, duration, ratio
from ebmbench.report.parts import Folded, Part, Table
from ebmbench.summary import Leaderboard, Row, Summary

WHY = """\
The methods differ in how many updates they make of the same data, so the fair unit is the epoch,
one pass over the training data; below it, an update. For one replica; multiply-adds, random
numbers and bytes are counted, time is measured."""
COSTS = ("MACs", "Randoms", "Bytes", "Time")


def negative_phase(summary: Summary, board: Leaderboard) -> list[Part]:
    """Counted and measured; an epoch also in units of the baseline's."""
    rows = [row for row in board.rows if row.cost]
    if not rows:
        return []
    against = [f"{what} / {summary.baseline}'s" for what in ("MACs", "Time")]
    head = ["Method", *(f"{c}/epoch" for c in COSTS), *(against if summary.baseline else [])]
    return [
        Folded("The negative phase"),
        negative_line(summary, board),
        WHY,
        Table(head, [_epoch(row)[: len(head)] for row in rows]),
        Table(["Method", "Updates/epoch", *(f"{c}/update" for c in COSTS)], [*map(_update, rows)]),
    ]


def _epoch(row: Row) -> list[str]:
    assert row.cost is not None
    r = row.negative_ratio
    shares = [ratio(r.macs), ratio(r.seconds)] if r else [NOTHING, NOTHING]
    cost, seconds = row.cost.negative_per_epoch, row.cost.negative_seconds_per_epoch
    return [row.method, *_costs(cost, seconds), *shares]


def _update(row: Row) -> list[str]:
    assert row.cost is not None
    cost, seconds = row.cost.counted["negative"], row.cost.seconds["negative"]
    return [row.method, count(row.cost.updates_per_epoch), *_costs(cost, seconds)]


def _costs(counted: Cost, seconds: float) -> list[str]:
    return [*map(count, counted.operations), duration(seconds)]
