"""Philox4x32-10 and the draw of a spin in tensor operations: any device, and a plain reference.

The same words and the same spins as :mod:`ebmbench.numerics.philox`, bit for bit, without compiled
code.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ebmbench.numerics import philox

LOW = 0xFFFFFFFF
HALF = 0x7FFFFFFF
MULTIPLIERS = int(philox.MULTIPLIER_0), int(philox.MULTIPLIER_1)
WEYL = int(philox.WEYL_0), int(philox.WEYL_1)


def key_bits(keys: NDArray[np.uint64], device: torch.device) -> Tensor:
    """The bits of the replicas' keys, (R,) int64 on ``device``."""
    return torch.from_numpy(keys.view(np.int64)).to(device)


def words(
    keys: Tensor, step: Tensor | int, shape: Sequence[int], in_halves: bool = False
) -> Tensor:
    """The words of draw number ``step``, (R, rows, columns) int64 in [0, 2^32).

    Args:
        keys: (R,) int64, the bits of the replicas' keys, on the device that computes.
        step: the number of the draw, or () int64 that holds it.
        shape: (rows, columns).
        in_halves: whether each comes in two halves, from counters of their own.
    """
    rows, columns = shape
    if not in_halves:
        return _words_from(0, (columns + 3) // 4, keys, step, rows)[..., :columns]
    counters = (columns + 7) // 8
    upper = _words_from(0, counters, keys, step, rows)
    lower = _words_from(philox.LOWER_HALVES, counters, keys, step, rows)
    found = _halves(upper) << 16 | _halves(lower)
    return found[..., :columns]


def _halves(words: Tensor) -> Tensor:
    """The lower halves of four words and then their upper, (R, rows, 4 n) -> (R, rows, 8 n)."""
    four = words.view(*words.shape[:2], -1, 1, 4)
    return torch.cat([four & 0xFFFF, four >> 16], dim=-2).flatten(2)


def _words_from(start: int, counters: int, keys: Tensor, step: Tensor | int, rows: int) -> Tensor:
    """The words of so many counters, the first of which is ``start``: (R, rows, 4 counters)."""
    device, key = keys.device, keys.view(-1, 1, 1)
    group = torch.arange(start, start + counters, device=device)
    row = torch.arange(rows, device=device).unsqueeze(1)
    zero = torch.zeros((len(keys), rows, len(group)), dtype=torch.int64, device=device)
    counter = (zero + group, zero + row, zero + (step & LOW), zero + (step >> 32 & LOW))
    return torch.stack(philox4x32(counter, (key & LOW, key >> 32 & LOW)), dim=-1).flatten(2)


def philox4x32(counter: Sequence[Tensor], key: tuple[Tensor, Tensor]) -> tuple[Tensor, ...]:
    """The four words of each counter, all int64 in [0, 2^32)."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(philox.ROUNDS):
        p0, p1 = MULTIPLIERS[0] * c0, MULTIPLIERS[1] * c2  # wraps past 2^63; the bits are right
        c0, c1, c2, c3 = p1 >> 32 & LOW ^ c1 ^ k0, p1 & LOW, p0 >> 32 & LOW ^ c3 ^ k1, p0 & LOW
        k0, k1 = k0 + WEYL[0] & LOW, k1 + WEYL[1] & LOW
    return c0, c1, c2, c3


def draw_scale(step: Tensor, beta: float | Tensor) -> Tensor:
    """:func:`ebmbench.numerics.philox.draw_scale` on any device: (R, 1), or (R, N) of betas."""
    betas = beta.double() if isinstance(beta, Tensor) else beta
    return (step.double().unsqueeze(1) * betas * philox.TWO_LOG2_E).float()


def spins(odds: Tensor, words: Tensor) -> Tensor:
    """Spins of log2-odds ``odds``, float32: :func:`ebmbench.numerics.philox.is_up` of each."""
    negative = odds < 0
    tail = torch.where(negative, words, LOW - words).clamp(max=HALF).float()
    e = exp2(32.0 - odds.abs())
    one_plus_e = fma(e, 2.0**-32, 1.0)
    rare = fma(tail, one_plus_e, -e) < -0.5
    return torch.where(rare == negative, 1.0, -1.0)


def exp2(t: Tensor) -> Tensor:
    """2^t in float32 for t in [-126, 33], as :func:`ebmbench.numerics.philox.exp2` computes it."""
    t = t.clamp(min=-126.0)
    whole = t.round()
    f, p = t - whole, torch.full_like(t, float(philox.EXP2[5]))
    for coefficient in philox.EXP2[4::-1]:
        p = fma(p, f, float(coefficient))
    exponent = whole.to(torch.int32) << 23  # no power of a device's own, good to its last bit
    return (p.view(torch.int32) + exponent).view(torch.float32)


def fma(a: Tensor, b: Tensor | float, c: Tensor | float) -> Tensor:
    """a b + c in float32; float64 holds the product exactly."""
    return (a.double() * b + c).float()
