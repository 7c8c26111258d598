"""Sums of log 2cosh over a layer, the costly part of a free energy, at several temperatures.

    sum_j log 2cosh(b x_j) = b sum_j |x_j| + log prod_j (1 + exp(-2b|x_j|)):

a logarithm per GROUP of units, as a product of that many factors between 1 and 2 fits float64.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import torch
from torch import Tensor

from ebmbench.numerics.compiled import kept, njit
from ebmbench.numerics.spin_functions import log_2cosh
from ebmbench.numerics.threads import cut, in_parallel, thread_count

F32 = np.float32
IEEE = {"nnan", "nsz"}  # lets max() be a single instruction; changes no bit of a number
LANES = 32  # products side by side, in float32: of 16 factors each
GROUP = 512  # units of a product
PIECE = 1 << 14  # terms below which a second thread does not pay

# 2^f on [-1/2, 1/2], a Taylor polynomial in f log 2: truncated below 6e-9.
EXP2 = tuple(F32(math.log(2.0) ** i / math.factorial(i)) for i in range(8))
ROUND = F32(12582912.0)  # 1.5 * 2^23: adding it rounds a float32 to the nearest integer
TWO_LOG2_E = F32(2.0 * math.log2(math.e))


def log_cosh_sums(x: Tensor, betas: Tensor) -> Tensor:
    """sum_j log 2cosh(beta x_j) at each beta, x (R, N, H), betas (R, B) -> (R, B, N) float64.

    On the CPU x is taken in float32 and the error is below 1e-7 per unit.
    """
    if x.device.type != "cpu":
        sums = [log_2cosh(b.view(-1, 1, 1) * x.double()).sum(-1) for b in betas.unbind(1)]
        return torch.stack(sums, 1)
    fields = x.detach().float().contiguous().numpy()
    at = betas.double().contiguous().numpy()
    out = np.empty((len(fields), at.shape[1], fields.shape[1]))
    pieces = min(thread_count(), 1 + fields.size * at.shape[1] // PIECE)
    parts = cut(fields.shape[0] * fields.shape[1], pieces)
    in_parallel([partial(fill_sums, fields, at, out, part.start, part.stop) for part in parts])
    return torch.from_numpy(out)


@kept
@njit(nogil=True)
def fill_sums(x, betas, out, first, last):  # type: ignore[no-untyped-def]
    """Fill ``out`` (R, B, N) for the rows ``first`` to ``last``, counted through all replicas."""
    _, N, H = x.shape
    size = np.empty(H, F32)
    product = np.empty(LANES, F32)
    for index in range(first, last):
        r, row = index // N, index % N
        total = take_sizes(x[r, row], size)
        for at in range(betas.shape[1]):
            beta = betas[r, at]
            out[r, at, row] = beta * total + log_of_product(size, F32(beta), product)


@njit(fastmath=IEEE)
def take_sizes(x, size):  # type: ignore[no-untyped-def]
    """Put |x| into ``size``; their sum in float64."""
    total = np.zeros(8)
    whole = len(x) // 8 * 8
    for start in range(0, whole, 8):
        for lane in range(8):
            size[start + lane] = abs(x[start + lane])
            total[lane] += size[start + lane]
    for j in range(whole, len(x)):
        size[j] = abs(x[j])
        total[0] += size[j]
    return total.sum()


@njit(fastmath=IEEE)
def log_of_product(size, beta, product):  # type: ignore[no-untyped-def]
    """sum_j log(1 + exp(-2 beta size_j)); ``product`` (LANES,) is scratch."""
    log = 0.0
    for start in range(0, len(size), GROUP):
        stop = min(start + GROUP, len(size))
        whole = start + (stop - start) // LANES * LANES
        product[:] = F32(1.0)
        for block in range(start, whole, LANES):
            for lane in range(LANES):
                product[lane] *= F32(1.0) + exp_minus_2(beta * size[block + lane])
        for j in range(whole, stop):
            product[j - whole] *= F32(1.0) + exp_minus_2(beta * size[j])
        together = 1.0
        for lane in range(LANES):
            together *= product[lane]
        log += math.log(together)
    return log


@njit(fastmath=IEEE, inline="always")
def exp_minus_2(x):  # type: ignore[no-untyped-def]
    """exp(-2x) in float32 for x >= 0; no table and no branch, so loops vectorise."""
    y = max(-TWO_LOG2_E * x, F32(-126.0))
    shifted = y + ROUND
    f = y - (shifted - ROUND)
    # Estrin's scheme: Horner's is one long chain, and a core waits for each link of it
    f2 = f * f
    low = (EXP2[0] + EXP2[1] * f) + (EXP2[2] + EXP2[3] * f) * f2
    high = (EXP2[4] + EXP2[5] * f) + (EXP2[6] + EXP2[7] * f) * f2
    p = low + high * (f2 * f2)
    exponent = F32(shifted).view(np.int32) << np.int32(23)
    return np.int32(F32(p).view(np.int32) + exponent).view(F32)
