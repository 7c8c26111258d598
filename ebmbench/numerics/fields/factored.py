"""Fields of weights that are made of patterns, which no one forms: W = scale xi_v' xi_h.

A field takes K (V + H) multiply-adds instead of V H: first the K overlaps of a configuration with
the patterns of its own layer, then their sum over the other layer's. With patterns in fixed point
an overlap is an exact sum of integers. What follows is not: the sum of K overlaps, each rounded to
float32, times the other patterns goes from the first pattern to the last, and every product and
every sum is rounded to float32. So it has the same bits for every kernel, block size, thread and
device, as every one of them keeps to that order. Where patterns are spins and K V and K H are below
2^24, nothing is rounded at all.
"""

from __future__ import annotations

from typing import NamedTuple, cast

import torch
from torch import Tensor, nn

from ebmbench.numerics.fields.fixed_point import (
    FixedPoint,
    rounded,
    to_fixed_point,
    units_per_one,
)
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.two_layer import Couplings, Factored, by_factors, is_factored


class FactoredFixedPoint(NamedTuple):
    """Patterns as integers, each layer's in units of its own.

    Attributes:
        xi_v: (R, K, V) int32.
        xi_h: (R, K, H) int32.
        step: (R,) float64, what a field of 1 is worth, on the patterns' device.
    """

    xi_v: Tensor
    xi_h: Tensor
    step: Tensor

    def hidden_field(self, v: Tensor) -> Tensor:
        """(v xi_v') xi_h in units of ``step``, (R, N, V) -> (R, N, H) float32."""
        return _sums_in_order(overlaps_with(self.xi_v, v), self.xi_h)

    def visible_field(self, h: Tensor) -> Tensor:
        """(h xi_h') xi_v in units of ``step``, (R, N, H) -> (R, N, V) float32."""
        return _sums_in_order(overlaps_with(self.xi_h, h), self.xi_v)

    def draw_hidden(self, v: Tensor, beta: float | Tensor, noise: Noise) -> Tensor:
        """h given v, (R, N, V) -> (R, N, H): half a Gibbs step, as all kernels draw it."""
        return noise.spins(self.hidden_field(v), beta, self.step, given=self.xi_v.shape[2])

    def draw_visible(self, h: Tensor, beta: float | Tensor, noise: Noise) -> Tensor:
        """v given h, (R, N, H) -> (R, N, V): the other half."""
        return noise.spins(self.visible_field(h), beta, self.step, given=self.xi_h.shape[2])


def is_swept_by_factors(model: nn.Module) -> bool:
    """Whether the sweeps of a ``TwoLayer`` go by patterns; its shape decides, not its numbers."""
    return is_factored(model) and by_factors(*_sizes(model))


@torch.no_grad()
def fields_of_sweeps(model: nn.Module) -> FixedPoint | FactoredFixedPoint:
    """What all kernels draw the spins of a ``TwoLayer`` from: its patterns, or its couplings."""
    if not is_swept_by_factors(model):
        return to_fixed_point(model)
    xi_v, xi_h, scale = cast(Factored, model).factors()
    layers = [layer_in_fixed_point(xi) for xi in (xi_v, xi_h)]
    (xi_v, per_v), (xi_h, per_h) = layers
    return FactoredFixedPoint(xi_v, xi_h, scale / (per_v * per_h))


def layer_in_fixed_point(xi: Tensor) -> tuple[Tensor, Tensor]:
    """Patterns (R, K, units) as integers, int32, and how many are 1, (R,) float64."""
    xi = xi.detach().float().contiguous()
    per_one = units_per_one(Couplings(xi, None, None))
    return rounded(xi, per_one.view(-1, 1, 1)), per_one


def overlaps_with(xi: Tensor, s: Tensor) -> Tensor:
    """s xi' of patterns in fixed point (R, K, units) and s (R, N, units), (R, N, K) float32.

    Exact in float64 where s are spins, or 0, before it is rounded. Of other numbers it is a sum in
    float64, whose last bits depend on who adds up; rounding hides nearly all of that.
    """
    return (s.double() @ xi.double().mT).float()


def _sizes(model: Factored) -> tuple[int, int, int]:
    """K, V and H."""
    xi_v, xi_h, _ = model.factors()
    return xi_v.shape[1], xi_v.shape[2], xi_h.shape[2]


def _sums_in_order(overlaps: Tensor, xi: Tensor) -> Tensor:
    """Overlaps times patterns (R, K, units), added up pattern by pattern, (R, N, units)."""
    numbers = xi.float()  # below 2^24: exact
    total = torch.zeros_like(overlaps[..., :1] * numbers[:, :1])
    for k in range(numbers.shape[1]):
        total = total + overlaps[..., k : k + 1] * numbers[:, k : k + 1]
    return total
