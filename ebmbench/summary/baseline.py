"""Every method against the baseline, value by value."""

from __future__ import annotations

from ebmbench.journal.documents import RunDocument
from ebmbench.summary.criteria import Criteria
from ebmbench.summary.finals import Finals
from ebmbench.summary.statistics import Comparison, compare, correct
from ebmbench.summary.value_names import in_spectrum
from ebmbench.summary.variants import coordinates, variant_of


def against_baseline(criteria: Criteria, finals: Finals) -> dict[str, dict[str, Comparison]]:
    """Value -> method -> method - baseline; one value's methods are a family of Holm's."""
    return {v: _family(criteria, v, finals) for v in criteria.values if not in_spectrum(v)}


def baseline_of(run: RunDocument, method: str) -> str | None:
    """What a method is compared with: the baseline; of a swept one, its variant there.

    There is where the swept values are those of ``method`` on every axis that both run along.
    """
    baseline = run.report.baseline
    if baseline is None or baseline in run.methods:
        return baseline
    variants = [m for m in run.methods if variant_of(run, "methods", m).origin == baseline]
    beside = [m for m in variants if _stand_together(run, m, method)]
    return beside[0] if len(beside) == 1 else None


def _family(criteria: Criteria, value: str, finals: Finals) -> dict[str, Comparison]:
    better = criteria.better(value)
    if better is None:
        return {}
    compared = {
        m: compare(x[value], finals[baseline][value], better, criteria.margin(value))
        for m, x in finals.items()
        if (baseline := baseline_of(criteria.run, m)) in finals and m != baseline
    }
    return correct({m: c for m, c in compared.items() if c.pairs})


def _stand_together(run: RunDocument, one: str, other: str) -> bool:
    mine, theirs = coordinates(run, "methods", one), coordinates(run, "methods", other)
    shared = mine.keys() & theirs.keys()
    return bool(shared) and all(mine[axis] == theirs[axis] for axis in shared)
