"""Where the rungs of a ladder stand, and what rejections say of it."""

from __future__ import annotations

import torch
from torch import Tensor

LEAST = 1e-2  # rejection of the whole ladder that is taken for granted: rungs stay apart


def even_ladder(rungs: int, device: torch.device) -> Tensor:
    """0 = beta_1 < ... < beta_T = 1 at equal distances, (T,) float64."""
    return torch.arange(rungs, dtype=torch.float64, device=device) / (rungs - 1)


def equalised(betas: Tensor, rejection: Tensor) -> Tensor:
    """The ladder at which, as far as rejections tell, all swaps are rejected alike.

    Lambda(beta), the rejections of all swaps below beta added up, depends on the ladder but little;
    the next rungs are where it is 0, 1/(T-1), 2/(T-1), ... of its whole, linear in between.

    Source: Syed, Bouchard-Cote, Deligiannidis and Doucet 2022, sec. 5.

    Args:
        betas: (R, T) float64, from 0 to 1.
        rejection: of the swaps between each rung and the next, (R, T - 1) float64.
    """
    T = betas.shape[1]
    barrier = (rejection + LEAST * betas.diff(dim=1)).cumsum(1)
    barrier = torch.nn.functional.pad(barrier, (1, 0))  # (R, T), 0 at beta = 0
    shares = even_ladder(T, betas.device)[1:-1]
    sought = barrier[:, -1:] * shares  # (R, T - 2)
    above = torch.searchsorted(barrier, sought).clamp(1, T - 1)
    low, high = (barrier.gather(1, index) for index in (above - 1, above))
    start, end = (betas.gather(1, index) for index in (above - 1, above))
    within = start + (sought - low) / (high - low) * (end - start)
    return torch.cat([betas[:, :1], within, betas[:, -1:]], 1)


def round_trip_rate(rejection: Tensor) -> Tensor:
    """Round trips per update of a ladder, 1 / (2 + 2 sum r / (1 - r)), (R, T - 1) -> (R,).

    What even-odd swaps come to if each rung's chains are in equilibrium anew after every swap.

    Source: Syed, Bouchard-Cote, Deligiannidis and Doucet 2022, cor. 2.
    """
    return 1 / (2 + 2 * (rejection / (1 - rejection)).sum(1))
