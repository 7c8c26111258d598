"""What parallel tempering takes from an update to the next."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor

from ebmbench_pt.travel import Travel


class Tempering(NamedTuple):
    """N chains at each of T rungs, and what is known of their swaps.

    Attributes:
        v: (R, T N, V), rung after rung, from the base to the model.
        betas: (R, T) float64.
        a0: fields of the base, (R, V).
        rejection: of swaps between each rung and the next, of late, (R, T - 1) float64.
        travel: of the walkers.
        updates: so far, (R,) int64.
    """

    v: Tensor
    betas: Tensor
    a0: Tensor
    rejection: Tensor
    travel: Travel
    updates: Tensor
