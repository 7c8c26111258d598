"""Where the way back starts: states that stand for the model's distribution."""

from __future__ import annotations

import torch
from torch import Tensor

from ebmbench import Noise


def resampled(v: Tensor, log_weights: Tensor, rows: int, noise: Noise) -> Tensor:
    """``rows`` of ``v`` (R, N, V), each as often as its weight says; (R, rows, V).

    Systematic resampling: one random number per replica places an even comb over the cumulated
    weights, so a state of weight w is taken floor(w rows) or ceil(w rows) times (Kitagawa 1996).

    Args:
        log_weights: (R, N) float64; those of a diverged replica may be anything.
    """
    w = (log_weights - log_weights.amax(1, keepdim=True)).exp().nan_to_num(1.0)
    comb = torch.arange(rows, device=v.device) + noise.uniform(1, 1).view(-1, 1).double()
    reach = w.cumsum(1)
    index = torch.searchsorted(reach, comb / rows * reach[:, -1:], right=True)
    return rows_at(v, index.clamp(max=v.shape[1] - 1))


def shuffled(v: Tensor, rows: int, order: Tensor) -> Tensor:
    """``rows`` of ``v`` (R, N, V) in the ``order`` (R, N), over again where they are few.

    Returns:
        (R, rows, V).
    """
    return rows_at(v, order.repeat(1, -(-rows // order.shape[1]))[:, :rows])


def rows_at(v: Tensor, index: Tensor) -> Tensor:
    """Rows of ``v`` (R, N, V) by ``index`` (R, M); (R, M, V)."""
    return v.gather(1, index.unsqueeze(2).expand(-1, -1, v.shape[2]))
