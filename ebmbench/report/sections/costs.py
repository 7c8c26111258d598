"""What an update and a whole training cost."""

from __future__ import annotations

from math import isfinite

from ebmbench.report.numbers import count, duration, split
from ebmbench.report.parts import Cell, Heading, Part, Table
from ebmbench.report.phrases import block_sizes
from ebmbench.summary import Leaderboard, Summary, UpdateCost

HEAD = ("Method", "Time", "of data + negative + optimiser", "Multiply-adds", "Randoms", "Bytes")


def costs(summary: Summary, board: Leaderboard) -> list[Part]:
    """An update, measured by phase and counted; then a whole training."""
    methods = [(row.method, row.cost) for row in board.rows if row.cost]
    if not methods:
        return []
    trainings = [_training(m, cost) for m, cost in methods if isfinite(cost.updates)]
    return [
        Heading("Cost of an update"),
        Table(HEAD, [_update(method, cost) for method, cost in methods]),
        f"For one replica. Times are{_where(summary)} its share of those that trained side by side "
        f"({block_sizes(summary)}): the more there are, the less each takes. Multiply-adds, random "
        "numbers and bytes are counted, and the same on every machine.",
        *([Heading("Cost of a training")] if trainings else []),
        *([Table(["Method", "Updates", "Time", "Multiply-adds"], trainings)] if trainings else []),
    ]


def _where(summary: Summary) -> str:
    """On which accelerator times were measured; "" for a processor's own."""
    devices = [device for device in summary.environment.get("device", ()) if device != "cpu"]
    return f", on {' and '.join(devices)}," if devices else ""


def _update(method: str, cost: UpdateCost) -> list[str | Cell]:
    seconds, counted = cost.total_seconds, cost.total.operations
    return [
        method,
        Cell([duration(seconds)], key=seconds),
        split(cost),
        *(Cell([count(n)], key=n) for n in counted),
    ]


def _training(method: str, cost: UpdateCost) -> list[str | Cell]:
    numbers = cost.updates, cost.total_seconds * cost.updates, cost.total.macs * cost.updates
    texts = count(numbers[0]), duration(numbers[1]), count(numbers[2])
    cells = [Cell([text], key=n) for text, n in zip(texts, numbers, strict=True)]
    return [method, *cells]
