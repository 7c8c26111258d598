"""Draws of units, block after block, from exact fields: the same spins by either way."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ebmbench import Couplings, Noise
from ebmbench.numerics import cut, in_parallel, kept, njit, philox, thread_count, units_per_one
from ebmbench_boltzmann.joint import Joint

F32 = np.float32
WORK = 1 << 18  # multiply-adds below which a second thread does not pay


class JointFixedPoint(NamedTuple):
    """Couplings of all units as integers, see :class:`ebmbench.numerics.FixedPoint`.

    Attributes:
        J: (R, U, U) float64, which holds them exactly.
        c: (R, U) float64.
        step: (R,) float64, what one unit is worth.
    """

    J: Tensor
    c: Tensor
    step: NDArray[np.float64]

    @classmethod
    def of(cls, joint: Joint) -> JointFixedPoint:
        """A machine's couplings, rounded to fixed point."""
        J = joint.J.detach().float().contiguous()
        c = J.new_zeros(J.shape[:2]) if joint.c is None else joint.c.detach().float()
        per_one = units_per_one(Couplings(J, c, c))
        return cls(
            (J.double() * per_one.view(-1, 1, 1)).round(),
            (c.double() * per_one.view(-1, 1)).round(),
            joint.unit / per_one.cpu().numpy(),
        )


def swept(
    s: Tensor,
    fixed_point: JointFixedPoint,
    blocks: Sequence[Tensor],
    k: int,
    beta: float | Tensor,
    noise: Noise,
) -> Tensor:
    """k times all blocks, from s (R, N, U), whose units may be 0 or any number.

    A block is a draw of the noise, whose columns are the block's units.
    """
    one_by_one = all(len(block) == 1 for block in blocks) and s.device.type == "cpu"
    sweep = by_units if one_by_one else by_blocks
    return sweep(s, fixed_point, blocks, k, beta, noise)


def by_blocks(
    s: Tensor,
    fixed_point: JointFixedPoint,
    blocks: Sequence[Tensor],
    k: int,
    beta: float | Tensor,
    noise: Noise,
) -> Tensor:
    """A float64 product and a draw per block."""
    s = s.double()
    weights = [fixed_point.J[..., units] for units in blocks]  # (R, U, units)
    for _ in range(k):
        for units, J in zip(blocks, weights, strict=True):
            x = s @ J + fixed_point.c[:, None, units]
            s[..., units] = noise.spins(x, beta, fixed_point.step).double()
    return s.float()


def by_units(
    s: Tensor,
    fixed_point: JointFixedPoint,
    blocks: Sequence[Tensor],
    k: int,
    beta: float | Tensor,
    noise: Noise,
) -> Tensor:
    """Blocks of one unit each, compiled: a row of s goes through all draws on its own."""
    out = s.double().contiguous()
    order = torch.cat(list(blocks)).numpy() if blocks else np.empty(0, np.int64)
    scale = philox.draw_scales(fixed_point.step, beta, *s.shape[:2])
    step = noise.advance(k * len(blocks))
    couplings = fixed_point.J.contiguous().numpy(), fixed_point.c.contiguous().numpy()
    R, N, U = s.shape
    pieces = min(thread_count(), 1 + k * R * N * U * U // WORK)
    in_parallel(
        [
            partial(draw_units, out.numpy(), *couplings, order, k, noise.keys, scale, step,
                    rows.start, rows.stop)
            for rows in cut(R * N, pieces)
        ]
    )  # fmt: skip
    return out.float()


@kept
@njit(nogil=True, fastmath={"reassoc"})  # sums of integers: the order does not matter
def draw_units(s, J, c, order, k, keys, scale, step, start, stop):  # type: ignore[no-untyped-def]
    """Draw the units in ``order`` of the rows ``start`` to ``stop`` of s (R, N, U), k times."""
    _, N, U = s.shape
    words = np.empty(4, np.uint32)
    for row in range(start, stop):
        r, n = row // N, row % N
        spins, draw = s[r, n], step
        for _ in range(k):
            for unit in order:
                x, weights = c[r, unit], J[r, unit]
                for source in range(U):
                    x += weights[source] * spins[source]
                philox.fill_row(keys[r], n, draw, words)
                spins[unit] = 1.0 if philox.is_up(F32(x) * scale[r, n], words[0]) else -1.0
                draw += 1
