"""What a sweep works on: every tensor that its launches read or write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import pad

from ebmbench import Noise
from ebmbench.numerics import philox_tensor
from ebmbench_cuda.digits import Digits, Side
from ebmbench_cuda.pattern_sides import PatternDigits, PatternSide


class Sides(NamedTuple):
    """A model's couplings as its sweeps read them, of units with padding.

    Attributes:
        to_hidden, to_visible: their digits, in both orders; or those of the patterns.
        step: (R,) float64, what a field of 1 is worth.
    """

    to_hidden: Side | PatternSide
    to_visible: Side | PatternSide
    step: Tensor

    @classmethod
    def of(cls, digits: Digits, sizes: tuple[int, int]) -> Sides:
        """Lay out couplings; ``sizes`` is (V, H) with padding."""
        visible, hidden = sizes
        to_hidden = digits.to_hidden(hidden, visible)
        return cls(to_hidden, digits.to_visible(visible, hidden), digits.step)

    @classmethod
    def of_patterns(cls, digits: PatternDigits, sizes: tuple[int, int], patterns: int) -> Sides:
        """Lay out patterns; ``sizes`` is (V, H), and K is ``patterns``, with padding."""
        sides = digits.to_hidden(sizes, patterns), digits.to_visible(sizes, patterns)
        return cls(*sides, digits.step)


class Work(NamedTuple):
    """Spins, couplings and streams of a sweep, on its device; units are padded.

    Attributes:
        v: (R, N, V) int8, where the chains start and where they end.
        h: (R, N, H) int8, the h that the last v was drawn from.
        to_hidden, to_visible: the couplings' digits, in both orders, or the patterns'.
        keys: (R,) int64, the bits of the replicas' keys.
        scale: (R, 1) or (R, N) float32, what turns fields into log2-odds.
        step: () int64, the number of the sweep's first draw.
    """

    v: Tensor
    h: Tensor
    to_hidden: Side | PatternSide
    to_visible: Side | PatternSide
    keys: Tensor
    scale: Tensor
    step: Tensor

    @classmethod
    def of(cls, sides: Sides, v: Tensor, k: int, beta: float | Tensor, noise: Noise) -> Work:
        """Lay out a sweep of k steps from ``v`` (R, N, V). Takes 2k draws."""
        R, N, V = v.shape
        hidden, visible = sides.to_hidden.targets, sides.to_hidden.sources
        return cls(
            pad(v.to(torch.int8), (0, visible - V)).contiguous(),
            torch.empty((R, N, hidden), dtype=torch.int8, device=v.device),
            sides.to_hidden,
            sides.to_visible,
            noise.key_bits,
            philox_tensor.draw_scale(sides.step, beta),
            noise.first_draw(2 * k),
        )

    def tensors(self) -> Iterator[Tensor]:
        """All of them, one after the other."""
        for part in self:
            if isinstance(part, Tensor):
                yield part
            else:
                yield from part

    def clone(self) -> Work:
        """A copy in memory of its own."""
        return Work(
            self.v.clone(),
            self.h.clone(),
            self.to_hidden.clone(),
            self.to_visible.clone(),
            self.keys.clone(),
            self.scale.clone(),
            self.step.clone(),
        )

    def copy_(self, other: Work) -> None:
        """Take over the numbers of another one of the same shapes."""
        for mine, theirs in zip(self.tensors(), other.tensors(), strict=True):
            mine.copy_(theirs)
