"""The temperature of the ladder at which a model fits its data best."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

RUNGS = 32  # looked at in either round


class BestRung(NamedTuple):
    """A rung of the ladder.

    Attributes:
        rung: (R, 1) int64.
        nll: <F>_data + log Z there, (R,); infinite where no rung's log Z is known.
    """

    rung: Tensor
    nll: Tensor


def best_rung(log_z: Tensor, mean_free_energy: Callable[[Tensor], Tensor]) -> BestRung:
    """The lowest of some rungs in equal ratios, then of those between its neighbours.

    Args:
        log_z: of each rung, (R, T); NaN where it is not known.
        mean_free_energy: rungs (R, B) int64 -> <F>_data there, (R, B).
    """
    coarse = coarse_rungs(log_z.shape[1]).to(log_z.device)
    everywhere = coarse.expand(len(log_z), -1)
    place = _nll(log_z, mean_free_energy, everywhere).argmin(1)
    low, high = coarse[(place - 1).clamp(min=0)], coarse[(place + 1).clamp(max=len(coarse) - 1)]
    share = torch.linspace(0, 1, RUNGS, dtype=torch.float64, device=log_z.device)
    between = low.unsqueeze(1) + (share * (high - low).unsqueeze(1)).round().long()
    rungs = torch.cat([between, coarse[place].unsqueeze(1)], 1)
    nll, at = _nll(log_z, mean_free_energy, rungs).min(1)
    return BestRung(rungs.gather(1, at.unsqueeze(1)), nll)


def coarse_rungs(count: int) -> Tensor:
    """At most RUNGS of ``count`` rungs, the first and the last among them, int64."""
    return torch.from_numpy(np.unique(np.geomspace(1, count, RUNGS).round().astype(np.int64)) - 1)


def _nll(log_z: Tensor, mean_free_energy: Callable[[Tensor], Tensor], rungs: Tensor) -> Tensor:
    """The NLL at some rungs (R, B); infinite where it is not known."""
    return (mean_free_energy(rungs) + log_z.gather(1, rungs)).nan_to_num(torch.inf)
