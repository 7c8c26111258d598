"""All states of a small two-layer model on a GPU: log Z, the moments and the ground state."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import pad
from triton import cdiv

from ebmbench import Couplings
from ebmbench.numerics import FixedPoint, philox_tensor, units_per_one
from ebmbench_cuda.digits import Digits, Side
from ebmbench_cuda.states import UNITS, log_weights, moments, options
from ebmbench_cuda.tuning import Exact, chip_of

LIMIT = 24  # units of the smaller layer; a state takes 8 bytes, and some more in passing


class Enumerated(NamedTuple):
    """What a sum over all states gives, as expectations under p(v, h).

    Attributes:
        log_z: log Z in nats, (R,) float64.
        vh: <v h'>, (R, V, H) float32.
        v: <v>, (R, V) float32.
        h: <h>, (R, H) float32.
        ground: the lowest E in nats, (R,) float64.
    """

    log_z: Tensor
    vh: Tensor
    v: Tensor
    h: Tensor
    ground: Tensor


class Layers(NamedTuple):
    """A model as the kernels take it, the enumerated layer s first.

    Attributes:
        units, targets: n and m, the sizes of s and of the other layer.
        states: how many there are to look at.
        side: the couplings' digits from s to the other layer, and that layer's bias.
        own_bias: of s, (R, UNITS) int32.
        scale: (R,) float32, what turns fields into log2-odds.
        step: (R,) float64, what a field of 1 is worth.
        tile: the chip's.
    """

    units: int
    targets: int
    states: int
    side: Side
    own_bias: Tensor
    scale: Tensor
    step: Tensor
    tile: Exact


@torch.no_grad()
def enumerate_on_gpu(couplings: Couplings) -> Enumerated:
    """log Z, the moments and the ground state of E(v, h) = -v'W h - a'v - b'h, all replicas.

    Good to about 1e-6, and to the rounding of the couplings to fixed point (24 bits of the
    largest). NaN for a replica whose couplings are not finite. The smaller layer may have LIMIT
    units at most.
    """
    W, a, b = couplings
    if W.shape[1] <= W.shape[2]:
        log_z, st, s, t, ground = _enumerate(couplings)
        found = Enumerated(log_z, st, s, t, ground)
    else:
        log_z, st, s, t, ground = _enumerate(Couplings(W.mT, b, a))
        found = Enumerated(log_z, st.mT, t, s, ground)
    finite = torch.stack(
        [part.isfinite().flatten(1).all(1) for part in couplings if part is not None]
    ).all(0)
    return Enumerated(
        *(torch.where(finite.view(-1, *[1] * (part.dim() - 1)), part, torch.nan) for part in found)
    )


def _enumerate(couplings: Couplings) -> Enumerated:
    """The same, of a model whose visible layer is no larger than the hidden one."""
    _, a, b = couplings
    symmetric = a is None and b is None  # then F(v) = F(-v), and half the states are enough
    layers = layers_of(couplings, symmetric)
    with torch.cuda.device_of(couplings.W):  # type: ignore[no-untyped-call]
        log_weight, ground = weigh(layers)
        log2_z = log2_sum(log_weight)
        joint = sum_moments(layers, log_weight, log2_z)
    n, m = layers.units, layers.targets
    odd = 0.0 if symmetric else 1.0
    return Enumerated(
        (log2_z + symmetric) * math.log(2.0),
        joint[:, :m, :n].mT,
        joint[:, m, :n] * odd,
        joint[:, :m, n] * odd,
        ground,
    )


def layers_of(couplings: Couplings, symmetric: bool) -> Layers:
    """Couplings in fixed point, laid out for the kernels."""
    R, n, m = couplings.W.shape
    device = couplings.W.device
    tile = chip_of(device).exact
    digits = Digits.of(fixed_point_of(couplings))
    own = torch.zeros((R, n), dtype=torch.int32, device=device) if digits.a is None else digits.a
    return Layers(
        units=n,
        targets=m,
        states=1 << (n - symmetric),
        side=digits.to_hidden(cdiv(m + 1, tile.targets) * tile.targets, UNITS.value),
        own_bias=pad(own, (0, UNITS.value - n)),
        scale=philox_tensor.draw_scale(digits.step, 1.0).squeeze(1),
        step=digits.step,
        tile=tile,
    )


def fixed_point_of(couplings: Couplings) -> FixedPoint:
    """Couplings rounded as ebmbench.numerics.to_fixed_point rounds those of a model."""
    per_one = units_per_one(couplings)
    W, a, b = (
        None
        if part is None
        else (part.double() * per_one.view(-1, *[1] * (part.dim() - 1))).round().to(torch.int32)
        for part in couplings
    )
    assert W is not None
    return FixedPoint(W, a, b, 1 / per_one)


def weigh(layers: Layers) -> tuple[Tensor, Tensor]:
    """log2 of each state's weight, (R, states) float64, and the lowest energy, (R,) float64."""
    R, padded = layers.side.bias.shape
    device = layers.step.device
    programs = cdiv(layers.states, layers.tile.states)
    log_weight = torch.empty((R, layers.states), dtype=torch.float64, device=device)
    largest = torch.empty((R, programs), dtype=torch.int64, device=device)
    log_weights[programs, R](
        *layers.side, layers.own_bias, layers.scale, layers.step * math.log2(math.e), log_weight,
        largest, layers.units, layers.states, layers.targets, padded,
        **options(layers.tile, len(layers.side.planes)),
    )  # fmt: skip
    return log_weight, -largest.amax(1) * layers.step


def log2_sum(logs: Tensor) -> Tensor:
    """log2 of the sum of 2^logs, (R, states) -> (R,)."""
    largest = logs.amax(1)
    return largest + torch.log2(torch.exp2(logs - largest.unsqueeze(1)).sum(1))


def sum_moments(layers: Layers, log_weight: Tensor, log2_z: Tensor) -> Tensor:
    """<(t, 1) (s, 1)'>, (R, m + 1, n + 1) float32 at the top left of what is padded."""
    R, padded = layers.side.bias.shape
    tiles = padded // layers.tile.targets
    shares = layers.tile.shares(layers.states, tiles * R)
    share = cdiv(cdiv(layers.states, layers.tile.states), shares) * layers.tile.states
    sums = torch.empty((shares, R, padded, UNITS.value), device=layers.step.device)
    moments[tiles, shares, R](
        *layers.side, layers.scale, log_weight, log2_z, sums, layers.units, layers.states, share,
        layers.targets, padded,
        **options(layers.tile, len(layers.side.planes)),
    )  # fmt: skip
    return sums.sum(0, dtype=torch.float64).float()
