"""tanh, the mean of a spin given the field on it, and the costliest function of a phase."""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from torch import Tensor

from ebmbench.numerics.compiled import kept, njit
from ebmbench.numerics.philox import FAST, ROUND, TWO_LOG2_E, fma
from ebmbench.numerics.threads import cut, in_parallel, thread_count

F32 = np.float32
LARGEST = F32(20.0)  # tanh is 1 in float32 from 9.02 on

# (2^f - 1) / f on [-1/2, 1/2]: minimax, relative error below 3e-8.
SLOPE = tuple(
    F32(c)
    for c in (
        0.6931471824645996,
        0.24022650718688965,
        0.05550364777445793,
        0.00961816031485796,
        0.0013388283550739288,
        0.00015441569848917425,
    )
)
PIECE = 1 << 15  # numbers below which a second thread does not pay


def mean_spin(x: Tensor) -> Tensor:
    """<s> = tanh(x) of a spin in the field ``x``, any shape.

    In float32 on the CPU the error is below 3e-7 of the value and the last bit does not depend on
    where in memory a number stands; about five times as fast as ``torch.tanh``, which does the
    rest. Autograd does not see through it.
    """
    return mean_spin_(x.detach().clone(memory_format=torch.contiguous_format))


@torch.no_grad()
def mean_spin_(x: Tensor) -> Tensor:
    """``mean_spin`` in place of the field, which is lost: half the memory, and less to fetch."""
    if x.device.type != "cpu" or x.dtype != torch.float32 or not x.is_contiguous():
        return x.tanh_()
    flat = x.detach().view(-1).numpy()
    pieces = min(thread_count(), 1 + len(flat) // PIECE)
    in_parallel([partial(to_tanh, flat[part.start : part.stop]) for part in cut(len(flat), pieces)])
    return x


@kept
@njit(nogil=True, fastmath=FAST, error_model="numpy")
def to_tanh(x):  # type: ignore[no-untyped-def]
    """Turn ``x``, 1-d float32, into its tanh."""
    for index in range(len(x)):
        x[index] = tanh(x[index])


@njit(inline="always", fastmath=FAST, error_model="numpy")
def tanh(x):  # type: ignore[no-untyped-def]
    """tanh x = g / (g + 2) with g = exp(2x) - 1, which keeps its digits where x is small.

    2x log2(e) = n + f, so g = 2^n (2^f - 1) + (2^n - 1), and 2^f - 1 has the factor f.
    """
    y = min(abs(x), LARGEST) * F32(TWO_LOG2_E)
    shifted = y + ROUND
    f = y - (shifted - ROUND)
    p = fma(SLOPE[5], f, SLOPE[4])
    p = fma(p, f, SLOPE[3])
    p = fma(p, f, SLOPE[2])
    p = fma(p, f, SLOPE[1])
    p = fma(p, f, SLOPE[0])
    exponent = np.int32(F32(shifted).view(np.int32) + np.int32(127)) << np.int32(23)
    power = np.int32(exponent).view(F32)
    g = fma(power, p * f, power - F32(1.0))
    t = g / (g + F32(2.0))
    return -t if x < F32(0.0) else t


def log_2cosh(x: Tensor) -> Tensor:
    """log 2cosh x = |x| + log1p(exp(-2|x|)), for any x: cosh overflows past 88 in float32.

    Not ``torch.logaddexp(x, -x)``: its last bit depends on where in memory an element stands, and
    a replica would not give the same numbers alone and in a block.
    """
    size = x.abs()
    return size + torch.log1p(torch.exp(-2 * size))
