"""What a table's cell says about a method, line by line; Markdown and terminal share it."""

from __future__ import annotations

from math import inf, isnan

from ebmbench.report import phrases
from ebmbench.report.numbers import NOTHING, count, duration, signed, split
from ebmbench.summary import Leaderboard, Row, ToTarget
from ebmbench.summary.statistics import Comparison, Interval


def seeds_lines(row: Row) -> list[str]:
    """``6 seeds``, and how many did not end well."""
    s = row.seeds
    names = {"diverged": s.diverged, "failed": s.failed, "missing": s.missing}
    return [phrases.seeds(s.done), *(f"{n} {name}" for name, n in names.items() if n)]


def place_lines(board: Leaderboard, method: str) -> list[str]:
    """``1-3``, and whether that is only as its seeds lie far apart."""
    place = str(board.places.get(method, NOTHING))
    return [place, "erratic"] if method in board.erratic else [place]


def final_lines(final: Interval) -> list[str]:
    """``0.0098`` and ``± 0.0002``; of equal values how many seeds may differ."""
    if final.equal:
        width = [f"on {final.n} of {final.n}", f"(≤{100 * final.hidden:.0f} % differ)"]
    else:
        width = [final.width] if final.width else []
    return [final.mean_text, *width, *([final.share] if final.partial else [])]


def value_lines(final: Interval | None) -> list[str]:
    """The mean, and below it how sure it is, in few columns."""
    if final is None:
        return [NOTHING]
    if final.equal:
        width = [f"on {final.n} of {final.n}", f"≤{100 * final.hidden:.0f} % differ"]
    else:
        width = [final.width.replace("± ", "±")] if final.width else []
    return [final.mean_text, *width, *([final.share] if final.partial else [])]


def target_lines(to_target: ToTarget | None) -> list[str]:
    """Who reached the target, and the median update with its range, epoch and time."""
    if to_target is None:
        return [NOTHING]
    share = f"{to_target.reached}/{to_target.seeds} seeds"
    between = filter(None, [between_updates(to_target).strip()])
    if to_target.updates == inf:
        return [share, "median never", *between]
    updates = f"{count(to_target.updates)} updates"
    epochs = f"{to_target.epochs:g} {'epoch' if to_target.epochs == 1 else 'epochs'}"
    return [share, updates, *between, epochs, duration(to_target.seconds)]


def between_updates(to_target: ToTarget) -> str:
    """`` (90 to never)``: the updates between which the median lies; nothing where it is known."""
    least, most = to_target.least[1], to_target.most[1]
    if least == most:
        return ""
    return f" ({count(least)} to {'never' if most == inf else count(most)})"


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
    more = phrases.more_seeds(c).split(", ") if c.verdict == "inconclusive" else []
    p = "no p" if isnan(c.p) else phrases.p_value(c.p)
    dropped = [f"{c.dropped} dropped"] if c.dropped else []
    return [
        phrases.verdict(c) + phrases.percent(c),
        signed(c.difference),
        f"{p}, n = {c.pairs}",
        *dropped,
        *more,
    ]
