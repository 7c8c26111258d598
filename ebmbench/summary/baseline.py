"""Every method against the baseline, value by value."""

from __future__ import annotations

from ebmbench.statistics import Comparison, compare, correct
from ebmbench.summary.finals import Finals
from ebmbench.summary.names import in_spectrum
from ebmbench.summary.scope import Scope


def against_baseline(scope: Scope, finals: Finals) -> dict[str, dict[str, Comparison]]:
    """Value -> method -> method - baseline; one value's methods are a family of Holm's."""
    return {v: _family(scope, v, finals) for v in scope.values if not in_spectrum(v)}


def _family(scope: Scope, value: str, finals: Finals) -> dict[str, Comparison]:
    better, baseline = scope.better(value), scope.baseline
    if better is None or baseline not in finals:
        return {}
    compared = {
        m: compare(x[value], finals[baseline][value], better, scope.margin(value))
        for m, x in finals.items()
        if m != baseline
    }
    return correct({m: c for m, c in compared.items() if c.pairs})
