"""Variances whose bits don't depend on how many replicas are at work."""

from __future__ import annotations

from torch import Tensor


def variance(x: Tensor, correction: int = 1) -> Tensor:
    """The variance over the last axis: sum (x - <x>)^2 / (N - correction); (..., N) -> (...).

    By means, which are added up in the same order for one row and for many; torch's ``var`` takes
    another way where there is one row only. One number alone has the variance 0 / 0, NaN.
    """
    N = x.shape[-1]
    spread = (x - x.mean(-1, keepdim=True)).square().mean(-1)
    return spread * N / (N - correction) if correction < N else spread * float("nan")
