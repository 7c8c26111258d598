"""Couplings as int8 digits, the numbers that tensor cores multiply exactly.

A coupling in fixed point is an integer of at most three balanced digits of base 256,
``Q = 65536 d2 + 256 d1 + d0`` with each d in [-128, 127], so that

    s'Q = (s'd2 << 16) + (s'd1 << 8) + s'd0,

three products of int8 with sums in int32. Zeros at the end of all couplings of a replica are taken
off and go to its step: a power of two, so float32(T) step has the same bits. Patterns of spins make
small integers; they are left with one digit.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import pad

from ebmbench.numerics import FixedPoint

LARGEST = 127, 127 * 257, 127 * 65793  # what one, two and three digits can hold
TOP = 2**30  # above the last set bit of any coupling
BALANCED = 0x808080  # added to Q, it makes each of the three bytes a digit plus 128


class Side(NamedTuple):
    """What a half step needs of a model.

    Attributes:
        planes: (digits, R, targets, sources) int8, lowest digit first, padded with zeros.
        bias: (R, targets) int32, padded with zeros.
    """

    planes: Tensor
    bias: Tensor

    @property
    def sources(self) -> int:
        """Units of the layer that is given, with padding."""
        return self.planes.shape[3]

    @property
    def targets(self) -> int:
        """Units of the layer that is drawn, with padding."""
        return self.planes.shape[2]

    def clone(self) -> Side:
        """A copy in memory of its own."""
        return Side(self.planes.clone(), self.bias.clone())


class Digits(NamedTuple):
    """Couplings in fixed point without the zeros at their end.

    Attributes:
        W, a, b: as in :class:`ebmbench.numerics.FixedPoint`.
        step: (R,) float64, what one unit is worth.
        digits: as many as hold every coupling of W, 1 to 3.
    """

    W: Tensor
    a: Tensor | None
    b: Tensor | None
    step: Tensor
    digits: int

    @classmethod
    def all_of(cls, fixed_point: FixedPoint) -> Digits:
        """All three digits of the couplings as they are: nothing to look at, on the CPU."""
        return cls(*fixed_point, digits=len(LARGEST))

    @classmethod
    def of(cls, fixed_point: FixedPoint) -> Digits:
        """Shift the couplings of each replica, and find how many digits they need."""
        parts = [part for part in fixed_point[:3] if part is not None]
        low = torch.stack([lowest_bit(part) for part in parts]).amin(0)  # (R,)
        largest = fixed_point.W.abs().flatten(1).amax(1) // low
        a, b = (None if bias is None else bias // low[:, None] for bias in fixed_point[1:3])
        return cls(
            fixed_point.W // low[:, None, None],
            a,
            b,
            fixed_point.step * low,
            digits_for(int(largest.max())),  # waits for the device
        )

    def to_hidden(self, targets: int, sources: int) -> Side:
        """For the draw of h given v, padded to so many units."""
        return side(self.W.mT, self.b, self.digits, targets, sources)

    def to_visible(self, targets: int, sources: int) -> Side:
        """For the draw of v given h, padded to so many units."""
        return side(self.W, self.a, self.digits, targets, sources)


def lowest_bit(coupling: Tensor) -> Tensor:
    """The lowest set bit among all numbers of a replica, (R,) int32; TOP where all are 0."""
    bit = coupling.flatten(1) & -coupling.flatten(1)
    return torch.where(bit == 0, TOP, bit).amin(1)


def digits_for(largest: int) -> int:
    """How many digits hold all integers up to ``largest`` in size, at most three."""
    return next((count for count, most in enumerate(LARGEST, 1) if largest <= most), 3)


def side(Q: Tensor, bias: Tensor | None, count: int, targets: int, sources: int) -> Side:
    """Digits of couplings Q (R, M, A) from A sources to M targets, padded."""
    R, M, A = Q.shape
    planes = torch.zeros((count, R, targets, sources), dtype=torch.int8, device=Q.device)
    planes[:, :, :M, :A] = digits_of(Q, count)
    if bias is None:
        return Side(planes, torch.zeros((R, targets), dtype=torch.int32, device=Q.device))
    return Side(planes, pad(bias, (0, targets - M)))


def digits_of(Q: Tensor, count: int) -> Tensor:
    """The lowest ``count`` digits, (..., M, A) int32 -> (count, ..., M, A) int8."""
    as_bytes = (Q + BALANCED).contiguous().unsqueeze(-1).view(torch.uint8)  # low byte first
    return (as_bytes[..., :count] ^ 128).view(torch.int8).movedim(-1, 0)
