"""Seeds one by one: drawn where they are too few for a band, and where one of them diverged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ebmbench.journal.documents import CellRecord, Curve
from ebmbench.summary import Leaderboard, Seeds, Sweep


class Trace(NamedTuple):
    """A seed's values along x; only where both are finite and can be drawn."""

    seed: int
    x: tuple[float, ...]
    y: tuple[float, ...]
    diverged: bool = False


def learning_traces(
    records: Iterable[CellRecord], value: str, along: Callable[[Curve], Sequence[float]]
) -> tuple[Trace, ...]:
    """A method's seeds, done or diverged, without the start, which a logarithmic axis lacks.

    Args:
        records: of the method on a dataset.
        value: what is drawn.
        along: where a seed's values lie.
    """
    mine = [r for r in records if r.status != "failed" and value in r.curves]
    return tuple(
        _trace(r.seed, along(r.curves[value]), r.curves[value].value, r.status == "diverged")
        for r in mine
    )


def _trace(
    seed: int, x: Iterable[float], y: Iterable[float | None], diverged: bool = False
) -> Trace:
    kept = [(at, value) for at, value in zip(x, y, strict=True) if at > 0 and value is not None]
    return Trace(seed, tuple(at for at, _ in kept), tuple(value for _, value in kept), diverged)


def sweep_traces(
    records: Iterable[CellRecord], sweep: Sweep, line: str, value: str
) -> tuple[Trace, ...]:
    """The final values of a line's seeds over a swept option of methods."""
    place = {row.method: x for x, row in sweep.lines[line].items()}
    ends: dict[int, dict[float, float | None]] = {}
    for r in records:
        if r.status == "done" and r.method in place and value in r.curves:
            ends.setdefault(r.seed, {})[place[r.method]] = r.curves[value].last
    found = ((seed, sorted(points.items())) for seed, points in sorted(ends.items()))
    return tuple(
        Trace(seed, tuple(x for x, _ in of_seed), tuple(y for _, y in of_seed))
        for seed, points in found
        if (of_seed := [(x, y) for x, y in points if y is not None])
    )


def lost_on(board: Leaderboard) -> dict[str, str]:
    """Method -> ``2 of 10 seeds diverged``; nothing of those whose seeds are all done."""
    return {row.method: said for row in board.rows if (said := lost_of([row.seeds]))}


def lost_in(sweep: Sweep) -> dict[str, str]:
    """Line -> the same of all its points together."""
    lines = {line: [row.seeds for row in rows.values()] for line, rows in sweep.lines.items()}
    return {line: said for line, seeds in lines.items() if (said := lost_of(seeds))}


def lost_of(seeds: Iterable[Seeds]) -> str:
    """How many did not end well, and how; "" where all did."""
    totals = dict.fromkeys(("diverged", "failed", "missing"), 0)
    of = 0
    for each in seeds:
        of += each.done + each.lost + each.missing
        for how in totals:
            totals[how] += getattr(each, how)
    said = ", ".join(f"{n} {how}" for how, n in totals.items() if n)
    return f"{said} of {of}" if said else ""
