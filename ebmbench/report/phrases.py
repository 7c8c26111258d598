"""Phrases about seeds, targets and comparisons, for all reports."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import isnan

from ebmbench.report.numbers import signed
from ebmbench.summary import Summary, variant_of
from ebmbench.summary.statistics import FEWEST_FOR_P, MOST_SEEDS, Comparison, Interval


def seeds(n: int) -> str:
    """``1 seed``, ``2 seeds``."""
    return "1 seed" if n == 1 else f"{n} seeds"


def numbered(which: Sequence[int]) -> str:
    """``seeds 3, 7``."""
    return ("seed " if len(which) == 1 else "seeds ") + ", ".join(map(str, which))


def judged_by(summary: Summary) -> str:
    """The heading of the verdicts: against whom, on what."""
    return f"vs {summary.baseline} on {summary.judged}"


def target_text(summary: Summary) -> str:
    """``hamming.test < 0.05``."""
    t = summary.target
    return f"{t.value} {'<' if t.below else '>'} {t.limit:g}" if t else "no target"


def block_sizes(summary: Summary) -> str:
    """How many replicas trained side by side: ``Fast 5; Slow 2 or 3``; a sweep's at once."""
    sizes: dict[str, set[int]] = {}
    for method, found in summary.blocks.items():
        sizes.setdefault(origin(summary, method), set()).update(found)
    return "; ".join(f"{m} {' or '.join(map(str, sorted(n)))}" for m, n in sizes.items())


def origin(summary: Summary, method: str) -> str:
    """A swept method's first name, else its own."""
    return variant_of(summary.run, "methods", method).origin


def together(summary: Summary, methods: Collection[str]) -> str:
    """Methods of one origin: ``CD-2``, or ``CD (5 variants)``."""
    first = next(iter(methods))
    if len(methods) == 1:
        return first
    return f"{origin(summary, first)} ({len(methods)} variants)"


def p_value(p: float | None) -> str:
    """``p = 0.03``, or that there are too few seeds for one."""
    if p is None:
        return f"no p-value below {FEWEST_FOR_P} pairs"
    return "p < 0.001" if p < 0.001 else f"p = {p:.2g}"


def percent(c: Comparison) -> str:
    """`` (-94.2 %)``; nothing where the baseline is 0."""
    return "" if isnan(c.percent) else f" ({c.percent:+.3g} %)"


def amount(c: Comparison) -> str:
    """``0.160 ± 0.007 lower (-94 %)``."""
    d = c.difference
    size = Interval(abs(d.mean), abs(d.mean) - d.half, abs(d.mean) + d.half, d.n)
    return f"{size} {'lower' if d.mean < 0 else 'higher'}{percent(c)}"


def sureness(c: Comparison) -> str:
    """How often it is better, and how unlikely that is by chance."""
    return f"better on {100 * c.probability:.0f} % of {c.pairs} paired seeds, {p_value(c.p)}"


def within(c: Comparison) -> str:
    """Why it is equivalent."""
    return f"{signed(c.difference)} being within the margin of {c.margin:g}"


def doubt(c: Comparison) -> str:
    """Why it is inconclusive."""
    if c.pairs < 2:
        return "a comparison needs at least 2 seeds that both have"
    more = more_seeds(c)
    return f"the difference, {signed(c.difference)} over {c.pairs} seeds, is inconclusive ({more})"


def more_seeds(c: Comparison) -> str:
    """What would settle an inconclusive comparison."""
    if c.pairs < 2:
        return "needs at least 2 seeds"
    if c.more_seeds is None:
        return f"{MOST_SEEDS} seeds may not do"
    return f"needs ~{c.more_seeds} more seed" + ("" if c.more_seeds == 1 else "s")
