"""What is made of a rise d = F(v with one unit turned) - F(v): a cost phi(d), and -phi'(d)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import softplus

from ebmbench.numerics import njit

PL, MPF, RATIO = range(3)


class Objective(NamedTuple):
    """J = <sum_i phi(d_i)>_data.

    Attributes:
        code: what compiled functions call it by.
        cost: phi.
        pull: -phi', with which each turned row pulls.
    """

    code: int
    cost: Callable[[Tensor], Tensor]
    pull: Callable[[Tensor], Tensor]


OBJECTIVES = (
    Objective(PL, lambda d: softplus(-d), lambda d: torch.sigmoid(-d)),
    Objective(MPF, lambda d: torch.exp(-d / 2), lambda d: torch.exp(-d / 2) / 2),
    Objective(
        RATIO,
        lambda d: torch.sigmoid(-d) ** 2,
        lambda d: 2 * torch.sigmoid(-d) ** 2 * torch.sigmoid(d),
    ),
)
"""By their codes."""


@njit
def pull_of(code, rise):  # type: ignore[no-untyped-def]
    """-phi'(rise) of the objective of this code."""
    if code == MPF:
        return math.exp(-rise / 2) / 2
    if rise > 0:  # sigmoid(-rise), from what cannot overflow
        e = math.exp(-rise)
        up = e / (1 + e)
    else:
        up = 1 / (1 + math.exp(rise))
    return up if code == PL else 2 * up * up * (1 - up)
