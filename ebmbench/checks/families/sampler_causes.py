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
from ebmbench.numerics.units.reals import REALS

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
    candidates = (*_explanations(bench), _data_among_the_particles(bench, found))
    return {cause for cause, phase in candidates if _is_close(found, phase)}


def _is_close(found: Estimate, phase: Array) -> bool:
    return found.fits(phase) and float(np.square(found.off_by(phase)).mean()) < CLOSE


def _data_among_the_particles(bench: Bench, found: Estimate) -> Explanation:
    """With the share of the data that fits best; data of the model itself change nothing."""
    exact, way = bench.exact, bench.p_data @ bench.phases - bench.exact
    share = float(np.clip((found.mean - exact) @ way / max(float(way @ way), 1e-12), 0, 1))
    return Explanation("rows of the data are among the particles", exact + share * way)


def _explanations(bench: Bench) -> Iterator[Explanation]:
    """Causes, and the phase that each leads to."""
    exact, phases = bench.exact, bench.phases
    yield Explanation("the sign is wrong: return <dF>_model itself, not its negative", -exact)
    yield Explanation("it is half of what it should be: a factor of 2 is missing", exact / 2)
    yield Explanation("it is twice what it should be: a factor of 2 too many", 2 * exact)
    yield Explanation("it is a sum and no mean: divide by the number of particles", ROWS * exact)
    yield Explanation("it is the phase of the data", bench.p_data @ phases)
    if bench.case.units == REALS:  # of which fair coins are none
        return
    uniform = np.full(len(bench.p), 1 / len(bench.p))
    fair = "the particles are fair coins: chains never leave a random start, or move as if F were 0"
    yield Explanation(fair, uniform @ phases)
    if isinstance(bench.model, TwoLayer):
        k = getattr(bench.example.options, "k", 1)
        for likely in likely_causes(single_replicas(bench.model)[0], 1.0, bench.p_data, (k,)):
            yield Explanation(likely.cause, likely.q @ phases)
