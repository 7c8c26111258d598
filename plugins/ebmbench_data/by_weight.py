"""Rows that are drawn by weight."""

from __future__ import annotations

import torch
from torch import Tensor

from ebmbench import Noise


def drawn_by_weight(weight: Tensor, rows: int, noise: Noise) -> Tensor:
    """Which of N things ``rows`` rows are, each as often as its weight says; (R, rows) int64.

    Systematic resampling (Kitagawa 1996): at steps of one share along the weights laid end to end,
    from a random start. A thing of weight w comes floor or ceil of rows w / sum(w) times, and on
    average just so often.

    Args:
        weight: (R, N) float64, or (1, N), the same for all.
        rows: how many.
        noise: of R streams, or of one: then all start alike.
    """
    upto = weight.cumsum(1)
    start = noise.words(1, 1).squeeze(1).double() / 2**32  # (R, 1)
    share = (start + torch.arange(rows, device=weight.device)) / rows
    wanted = share * (upto[:, -1:] * (1 - 1e-12))  # (R, rows)
    upto = upto.expand(len(wanted), -1).contiguous()  # searchsorted knows no broadcasting
    return torch.searchsorted(upto, wanted, right=True).clamp(max=weight.shape[1] - 1)
