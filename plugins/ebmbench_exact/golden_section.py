"""Golden-section search for the minimum of a function of one number, for all replicas at once."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

SHARE = (math.sqrt(5.0) - 1) / 2  # of the interval that is left after each turn


class Minimum(NamedTuple):
    """Where a function is lowest, and its value there; (R,) each."""

    at: Tensor
    value: Tensor


def golden_section(
    function: Callable[[Tensor], Tensor], low: Tensor, high: Tensor, turns: int
) -> Minimum:
    """The minimum between ``low`` and ``high``, (R,) each, to SHARE^(turns + 1) of the interval.

    Args:
        function: (R,) -> (R,), with a single minimum between them; asked turns + 2 times.

    Source: Kiefer 1953.
    """
    left, right = high - SHARE * (high - low), low + SHARE * (high - low)
    at_left, at_right = function(left), function(right)
    for _ in range(turns):
        is_left = at_left < at_right
        low, high = torch.where(is_left, low, left), torch.where(is_left, right, high)
        old, value = torch.where(is_left, left, right), torch.minimum(at_left, at_right)
        new = torch.where(is_left, high - SHARE * (high - low), low + SHARE * (high - low))
        at_new = function(new)
        left, right = torch.where(is_left, new, old), torch.where(is_left, old, new)
        at_left = torch.where(is_left, at_new, value)
        at_right = torch.where(is_left, value, at_new)
    is_left = at_left < at_right
    return Minimum(torch.where(is_left, left, right), torch.minimum(at_left, at_right))
