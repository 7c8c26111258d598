"""Tables of what an update costs."""

from __future__ import annotations

from ebmbench.report.numbers import count, duration
from ebmbench.report.parts import Heading, Part, Table
from ebmbench.report.phrases import block_sizes
from ebmbench.summary import Leaderboard, Summary, UpdateCost
from ebmbench.training.stopwatch import PHASES


def costs(summary: Summary, board: Leaderboard) -> list[Part]:
    """An update of each method, measured by phase and counted."""
    methods = [(row.method, row.cost) for row in board.rows if row.cost]
    if not methods:
        return []
    return [
        Heading("Cost of an update"),
        "Measured, for one replica: its share of the time of those that trained side by side "
        f"({block_sizes(summary)}). The more there are, the less each takes.",
        Table(
            ["Method", "Total", *map(str.capitalize, PHASES)],
            [[method, *_measured(cost)] for method, cost in methods],
        ),
        "Counted, whatever the machine (multiply-adds, random numbers, bytes):",
        Table(
            ["Method", "MACs", "Randoms", "Bytes"],
            [[method, *map(count, cost.total.operations)] for method, cost in methods],
        ),
    ]


def _measured(cost: UpdateCost) -> list[str]:
    return [
        duration(cost.total_seconds),
        *(duration(cost.seconds[phase]) for phase in PHASES),
    ]
