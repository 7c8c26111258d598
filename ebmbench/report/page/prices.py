"""What quality costs: final values against the cost of a whole training, and an update's parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ebmbench.report.figures.price.phases import Floor
from ebmbench.report.figures.price.prices import LABELS, Price, front, prices
from ebmbench.report.page.curves import bands
from ebmbench.report.page.in_script import short
from ebmbench.summary import Leaderboard, Summary, UpdateCost

COUNTED = ("macs", "randoms", "bytes")


def quality_against_cost(
    summary: Summary, board: Leaderboard, lines: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Value by value of the main table, where a way is better."""
    found = [(value, prices(board, value), summary.better(value)) for value in summary.columns]
    return [
        {
            "name": value,
            "unit": summary.unit(value),
            "better": better,
            "points": [_point(price, lines) for price in each],
            "front": {cost: [lines[m] for m in front(each, better, cost)] for cost in LABELS},
        }
        for value, each, better in found
        if better and each
    ]


def parts_of_updates(
    board: Leaderboard, lines: Mapping[str, int], floor: Floor | None = None
) -> list[dict[str, Any]]:
    """An update of each method by phase: seconds measured, the rest counted.

    Where the machine's roofline is known, with what it would allow.
    """
    return [{"m": lines[row.method], **_parts(row.cost, floor)} for row in board.rows if row.cost]


def _parts(cost: UpdateCost, floor: Floor | None) -> dict[str, Any]:
    counted = {
        what: {phase: short(getattr(each, what)) for phase, each in cost.counted.items()}
        for what in COUNTED
    }
    lowest = {phase: short(floor(each)) for phase, each in cost.counted.items()} if floor else None
    seconds = {phase: short(x) for phase, x in cost.seconds.items()}
    return {"seconds": seconds, "floor": lowest, **counted}


def _point(price: Price, lines: Mapping[str, int]) -> dict[str, Any]:
    final = bands([price.final])
    return {
        "m": lines[price.method],
        **{end: final[end][0] for end in ("mean", "low", "high")},
        "seconds": short(price.seconds),
        "macs": short(price.macs),
    }
