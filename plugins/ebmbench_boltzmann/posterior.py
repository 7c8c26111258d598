"""Hidden units given the visible ones: summed out, or by mean field."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from ebmbench.numerics import log_2cosh
from ebmbench_boltzmann.joint import Joint
from ebmbench_boltzmann.wiring import Wiring

SUMMED = 12  # hidden units that are enumerated at the most: 4096 states for each row
DAMPING = 0.5  # how far a mean-field iteration goes


class Completed(NamedTuple):
    """Each row of v with S states of its hidden units.

    Attributes:
        s: (R, N, S, U), hidden units that are summed out analytically at their mean.
        log_weight: log of exp(-E) summed over those, (R, N, S): unnormalised log p(state, v).
    """

    s: Tensor
    log_weight: Tensor


def too_many_to_sum(wiring: Wiring) -> str | None:
    """Why hidden units cannot be summed out; None if they can."""
    if len(wiring.outer) <= SUMMED:
        return None
    return (
        f"{len(wiring.outer)} of the hidden units would have to be enumerated for each v, of which "
        f"{SUMMED} are the limit"
    )


def completed(joint: Joint, wiring: Wiring, v: Tensor) -> Completed:
    """All states of the outer hidden units, and the mean of the inner ones given each of them.

    The inner units x of a state couple to none of their kind, so that
    log sum exp(-E) = -E(v, outer, 0) + sum log 2cosh(x). v is (R, N, V).
    """
    states = states_of(len(wiring.outer)).to(v)
    s = v.new_zeros(*v.shape[:2], len(states), len(wiring.mask))
    s[..., : wiring.visible] = v.unsqueeze(2)
    s[..., wiring.outer] = states
    rows = s.flatten(1, 2)
    field = joint.field(rows)
    x = field[..., wiring.inner]
    log_weight = log_2cosh(x).sum(-1) - joint.energy_in(rows, field)
    means = rows.index_copy(2, wiring.inner, torch.tanh(x))
    return Completed(means.view_as(s), log_weight.view(s.shape[:3]))


def mean_field(joint: Joint, wiring: Wiring, v: Tensor, iterations: int) -> Tensor:
    """s = (v, m) with m = tanh of its own field, (R, N, V) -> (R, N, U).

    The fixed point of naive mean field, from m = 0 by damped iterations (Salakhutdinov and Hinton
    2009, eq. 6): the factorised distribution that bounds log p(v) best, locally.
    """
    s = torch.nn.functional.pad(v, (0, len(wiring.mask) - wiring.visible))
    hidden = s[..., wiring.visible :]
    for _ in range(iterations):
        hidden += DAMPING * (torch.tanh(joint.field(s)[..., wiring.visible :]) - hidden)
    return s


def states_of(units: int) -> Tensor:
    """All states of so many spins, (2^units, units)."""
    bits = torch.arange(1 << units).unsqueeze(1) >> torch.arange(units)
    return 2.0 * (bits & 1) - 1
