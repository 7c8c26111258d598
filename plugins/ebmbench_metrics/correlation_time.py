"""How long a series remembers: autocovariance and integrated autocorrelation time."""

from __future__ import annotations

import torch
from torch import Tensor


def autocorrelation(x: Tensor) -> Tensor:
    """rho(t) = C(t) / C(0), C(t) = <(x_s - m)(x_{s+t} - m)> over s and the chains.

    m is the mean over all steps and chains, so chains that are stuck apart show as memory; a mean
    of their own would hide it. By the fast Fourier transform, padded so that no end meets a start.

    Args:
        x: (R, n, T) float64, n chains of T steps.

    Returns:
        (R, T); NaN where x does not vary.
    """
    R, n, T = x.shape
    mean = x.flatten(1).mean(1).view(R, 1, 1)
    f = torch.fft.rfft(x - mean, n=2 * T)
    power = f.real.square() + f.imag.square()
    sums = torch.fft.irfft(power.sum(1), n=2 * T)[:, :T]
    covariance = sums / (n * torch.arange(T, 0, -1, device=x.device))
    spread = covariance[:, :1]
    floor = torch.finfo(x.dtype).eps * mean.square().view(R, 1)  # rounding of a constant
    return torch.where(spread > floor, covariance / spread, torch.nan)


def integrated_time(rho: Tensor, window: float) -> Tensor:
    """tau = 1 + 2 sum_{t=1}^{M} rho(t), M the first with M >= window tau(M).

    The noise of rho at long lags would drown the sum; Sokal 1997 ("Monte Carlo methods in
    statistical mechanics", section 3) cuts it by this rule and takes window = 5. It is meant for
    rho >= 0, which every function of v has in a chain v -> h -> v.

    Args:
        rho: (R, T), rho[:, 0] = 1.
        window: in units of tau.

    Returns:
        (R,); NaN where rho is or where no M up to T - 1 is long enough.
    """
    tau = 2 * rho.cumsum(1) - 1  # (R, T), by M
    enough = torch.arange(rho.shape[1], device=rho.device) >= window * tau
    first = enough.int().argmax(1, keepdim=True)
    found = tau.gather(1, first).squeeze(1)
    return torch.where(enough.any(1), found, torch.nan)
