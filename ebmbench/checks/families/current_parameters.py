"""Whether a negative phase is that of the parameters as they are, and not as they were.

Chains are run at one set of parameters until they are in equilibrium there, and then the parameters
change. Chains that follow at once are on their way in the first update after it, and no further on
in the second than twice that: relaxation slows down. What is worked out from the parameters of the
update before stands still in the first update, and sets out in the second.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch

from ebmbench.checks.cases import countable, sampler_cases
from ebmbench.checks.examples import Example
from ebmbench.checks.failure import Failed
from ebmbench.checks.families.sampler_bench import SIGMAS, Bench, Estimate
from ebmbench.checks.model_cases import ModelCase
from ebmbench.checks.oracle.enumeration import Array, flat
from ebmbench.interfaces.model import Model

REST = 9  # updates until the parameters change
CHANGES = 5  # with REST, a sampler that takes the units in turn begins with each of them
LATE = 3  # the second update's way is at most twice the first's, unless the first's is late


class After(NamedTuple):
    """The negative phase in the two updates after a change, (R, all parameters) each."""

    first: Array
    second: Array


def current_parameters(example: Example) -> None:
    """When parameters change, so does the negative phase at once, and not an update later."""
    for case in countable(sampler_cases(example)):
        _follows_at_once(example, case)


def _follows_at_once(example: Example, case: ModelCase) -> None:
    here, there = Bench(example, case), Bench(example, case, seed=1)
    first, second = _after_changes(here, there)
    rests = here.p @ there.phases  # chains where they were, and the phase of them there
    way = there.exact - rests
    gone, later = (((each - rests) @ way) / (way @ way) for each in (first, second))  # (R,)
    late = later / LATE - gone
    stands = bool(late.mean() > SIGMAS * late.std(ddof=1) / np.sqrt(len(late)))
    of_before = here.exact
    before = Estimate.of(first).fits(of_before) and not Estimate.of(second).fits(of_before)
    if (stands or before) and _are_right_at_rest(here, there):
        raise Failed(
            f"on {case.name}, after the parameters have changed, the negative phase is still that "
            "of the parameters before, and follows an update later. Usually couplings that were "
            "worked out in the update before are kept, in the object or in the state, or chains "
            "are looked at before they are swept: work all out from the model that is given."
        )


def _are_right_at_rest(*benches: Bench) -> bool:
    """Whether the phase is right where parameters stay: otherwise no-drift tells what is wrong."""
    return all(bench.estimate().fits(bench.exact) for bench in benches)


def _after_changes(here: Bench, there: Bench) -> After:
    """The mean over some changes from ``here`` to ``there``; the model ends as it began."""
    model, updates = here.model, (flat(found.phase) for _, _, found in here.updates())
    old = [parameter.detach().clone() for parameter in model.parameters()]
    new = [parameter.detach() for parameter in there.model.parameters()]
    taken = []
    for _ in range(CHANGES):
        _set(model, old)
        for _ in range(REST):
            next(updates)
        _set(model, new)
        taken.append((next(updates), next(updates)))
    _set(model, old)
    return After(*np.mean(taken, axis=0))


@torch.no_grad()
def _set(model: Model, parameters: list[torch.Tensor]) -> None:
    for mine, given in zip(model.parameters(), parameters, strict=True):
        mine.copy_(given)
