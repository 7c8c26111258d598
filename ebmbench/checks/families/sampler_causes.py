"""Which mistake leads to a sampler's phase, if one that is known does.

What looks like a mistake on one model may be chance: a cause is named only if its phase is the
sampler's within errors, on two models, and with data of either kind where data matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ebmbench.checks.families.sampler_bench import ROWS, Bench, Estimate
from ebmbench.checks.oracle.enumeration import Array
from ebmbench.checks.oracle.likely_causes import likely_causes
from ebmbench.interfaces.library_chains import single_replicas
from ebmbench.numerics.two_layer import TwoLayer

CLOSE = 6.0  # mean square of a fitting phase's errors: 1 is expected, and they go together
UNKNOWN = (
    "It is what none of the usual mistakes leads to. Either the sampler is biased by design (then "
    "say so in 'known_failures'), or its chains are not advanced, not kept, or not those of this "
    "model."
)


class Explanation(NamedTuple):
    """A mistake, and the phase that it leads to, (all parameters,)."""

    cause: str
    phase: Array


def cause_of(bench: Bench, found: Estimate) -> str:
    """A sentence: the mistakes that explain the phase here and on another model, or that none does.

    Args:
        found: the phase that is off.
    """
    left = _explaining(bench, found)
    for other in _others(bench):
        if left:
            left &= _explaining(other, other.estimate())
    return f"It is what one gets where {', or where '.join(sorted(left))}." if left else UNKNOWN


def _others(bench: Bench) -> Iterator[Bench]:
    """Where a cause must hold too: on other parameters, and with data of the model itself."""
    yield replace(bench, seed=bench.seed + 1, foreign=False)
    if bench.foreign:
        yield replace(bench, foreign=False)


def _explaining(bench: Bench, found: Estimate) -> set[str]:
    """The causes of which one phase or the other is what was found, within errors."""
    return {cause for cause, phase in _explanations(bench) if _is_close(found, phase)}


def _is_close(found: Estimate, phase: Array) -> bool:
    return found.fits(phase) and float(np.square(found.off_by(phase)).mean()) < CLOSE


def _explanations(bench: Bench) -> Iterator[Explanation]:
    """Causes, and the phase that each leads to."""
    exact, phases = bench.exact, bench.phases
    of_data = bench.p_data @ phases
    yield Explanation("the sign is wrong: return <dF>_model itself, not its negative", -exact)
    yield Explanation("it is half of what it should be: a factor of 2 is missing", exact / 2)
    yield Explanation("it is twice what it should be: a factor of 2 too many", 2 * exact)
    yield Explanation("it is a sum and no mean: divide by the number of particles", ROWS * exact)
    yield Explanation("it is the phase of the data", of_data)
    for share in (0.1, 0.2, 0.3, 0.5):
        cause = f"about {share:.0%} of the particles are rows of the data"
        yield Explanation(cause, (1 - share) * exact + share * of_data)
    uniform = np.full(len(bench.p), 1 / len(bench.p))
    fair = "the particles are fair coins: chains never leave a random start, or move as if F were 0"
    yield Explanation(fair, uniform @ phases)
    if isinstance(bench.model, TwoLayer):
        k = getattr(bench.example.options, "k", 1)
        for likely in likely_causes(single_replicas(bench.model)[0], 1.0, bench.p_data, (k,)):
            yield Explanation(likely.cause, likely.q @ phases)
