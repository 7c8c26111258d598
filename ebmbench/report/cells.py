"""What a table's cell says about a method, line by line; Markdown and terminal share it."""

from __future__ import annotations

from math import inf

from ebmbench.report import phrases
from ebmbench.report.numbers import NOTHING, count, duration, signed, split
from ebmbench.summary import Row, ToTarget
from ebmbench.summary.statistics import Comparison


def seeds_lines(row: Row) -> list[str]:
    """``6 seeds``, and how many did not end well."""
    s = row.seeds
    names = {"diverged": s.diverged, "failed": s.failed, "missing": s.missing}
    return [phrases.seeds(s.done), *(f"{n} {name}" for name, n in names.items() if n)]


def target_lines(to_target: ToTarget | None) -> list[str]:
    """Who reached the target, and the median update, epoch and time."""
    if to_target is None:
        return [NOTHING]
    share = f"{to_target.reached}/{to_target.seeds} seeds"
    if to_target.updates == inf:
        return [share, "median never"]
    updates = f"{count(to_target.updates)} updates"
    return [share, updates, f"{to_target.epochs:g} epochs", duration(to_target.seconds)]


def cost_lines(row: Row) -> list[str]:
    """Measured cost of an update, its split over the phases in the same unit, counted cost."""
    if row.cost is None:
        return [NOTHING]
    return [
        duration(row.cost.total_seconds),
        f"= {split(row.cost)}",
        f"{count(row.cost.total.macs)} MACs",
        f"{count(row.cost.total.randoms)} randoms",
        f"{count(row.cost.total.bytes)}B",
    ]


def verdict_lines(comparison: Comparison | None) -> list[str]:
    """The verdict, the difference it rests on, and how sure it is."""
    if comparison is None:
        return [NOTHING]
    c = comparison
    more = [phrases.more_seeds(c)] if c.verdict == "inconclusive" else []
    p = "no p" if c.p is None else phrases.p_value(c.p)
    dropped = [f"{c.dropped} dropped"] if c.dropped else []
    return [
        c.verdict + phrases.percent(c),
        signed(c.difference),
        f"{p}, n = {c.pairs}",
        *dropped,
        *more,
    ]
