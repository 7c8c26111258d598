"""Phrases about seeds, targets and comparisons, for all reports."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import isnan

from ebmbench.report.numbers import signed
from ebmbench.summary import Summary, variant_of
from ebmbench.summary.statistics import FEWEST_PAIRS, MOST_SEEDS, Comparison, Interval, More


def phase(name: str) -> str:
    """A phase of an update as prose spells it: ``optimiser``, whose option is ``optimizer``."""
    return "optimiser" if name == "optimizer" else name


def seeds(n: int) -> str:
    """``1 seed``, ``2 seeds``."""
    return "1 seed" if n == 1 else f"{n} seeds"


def numbered(which: Sequence[int]) -> str:
    """``seeds 3, 7``."""
    return ("seed " if len(which) == 1 else "seeds ") + ", ".join(map(str, which))


def judged_by(summary: Summary) -> str:
    """The heading of the verdicts: against whom, on what."""
    return f"vs {summary.baseline} on {summary.judged}"


def values_text(summary: Summary) -> str:
    """What the numbers of the tables are."""
    if not summary.trained:
        return "Values of untrained models, as they are made"
    return f"Final values after {summary.run.train}"


def about_search(dataset: str) -> str:
    """What a figure of a search shows."""
    return f"What search finds on {dataset}: the expected best of n trials, held-out rows"


def target_text(summary: Summary) -> str:
    """``hamming.test < 0.05``."""
    t = summary.target
    return f"{t.value} {'<' if t.below else '>'} {t.limit:g}" if t else "no target"


def block_sizes(summary: Summary) -> str:
    """How many replicas trained side by side: ``Fast 5; Slow 2 or 3``; a sweep's at once.

    Where it is the same for several methods, and for all of them, no method is named: ``5 each``.
    """
    sizes: dict[str, set[int]] = {}
    for method, found in summary.blocks.items():
        sizes.setdefault(origin(summary, method), set()).update(found)
    said = {m: " or ".join(map(str, sorted(n))) for m, n in sizes.items()}
    if len(said) > 1 and len(set(said.values())) == 1:
        return f"{next(iter(said.values()))} each"
    return "; ".join(f"{m} {n}" for m, n in said.items())


def origin(summary: Summary, method: str) -> str:
    """A swept method's first name, else its own."""
    return variant_of(summary.run, "methods", method).origin


def together(summary: Summary, methods: Collection[str]) -> str:
    """Methods of one origin: ``CD-2``, or ``CD (5 variants)``."""
    first = next(iter(methods))
    if len(methods) == 1:
        return first
    return f"{origin(summary, first)} ({len(methods)} variants)"


def value(final: Interval, unit: str = "") -> str:
    """A mean and how sure it is, with its unit: ``0.0130 ± 0.0021 nats``."""
    unit = f" {unit}" if unit else ""
    return f"{final.mean_text}{unit} {final.around}" if final.equal else f"{final}{unit}"


def p_value(p: float) -> str:
    """``p = 0.03``, or that there are too few seeds for one."""
    if isnan(p):
        return f"no p below {FEWEST_PAIRS} pairs"
    return "p < 0.001" if p < 0.001 else f"p = {p:.2g}"


def verdict(c: Comparison) -> str:
    """``better``; where there are too few pairs for any, that there is none."""
    return c.verdict if c.pairs >= FEWEST_PAIRS else "no verdict"


def percent(c: Comparison) -> str:
    """`` (-94.2 %)``; nothing where the baseline is 0."""
    return "" if isnan(c.percent) else f" ({c.percent:+.3g} %)"


def amount(c: Comparison) -> str:
    """``0.160 ± 0.007 lower (-94 %)``."""
    d = c.difference
    size = d.mirrored if d.mean < 0 else d
    return f"{size} {'lower' if d.mean < 0 else 'higher'}{percent(c)}"


def sureness(c: Comparison) -> str:
    """How often it is better, and how unlikely that is by chance."""
    return f"better on {100 * c.probability:.0f} % of {c.pairs} paired seeds, {p_value(c.p)}"


def within(c: Comparison) -> str:
    """Why it is equivalent."""
    return f"{signed(c.difference)} being within the margin of {c.margin:g}"


def doubt(c: Comparison) -> str:
    """Why it is inconclusive."""
    if c.pairs < FEWEST_PAIRS:
        return f"a verdict needs at least {FEWEST_PAIRS} seeds that both have"
    more = more_seeds(c)
    return f"the difference, {signed(c.difference)} over {c.pairs} seeds, is inconclusive ({more})"


def more_seeds(c: Comparison) -> str:
    """What would settle an inconclusive comparison."""
    if c.pairs < FEWEST_PAIRS:
        return f"needs at least {FEWEST_PAIRS} seeds"
    if lost := c.lost + c.baseline_lost:
        return f"{seeds(lost)} lost"
    return needed((c.more_seeds, *c.more_between))


def needed(more: More) -> str:
    """``needs ~14 more seeds, a guess: 5 to 110``."""
    guess, least, most = more
    if guess is None:
        return f"{MOST_SEEDS} seeds may not do"
    ends = f"{least or guess} to {most or f'over {MOST_SEEDS}'}"
    return f"needs ~{guess} more {'seed' if guess == 1 else 'seeds'}, a guess: {ends}"
