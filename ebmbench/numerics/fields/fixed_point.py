"""Couplings as integers: fields that come out the same, whoever adds them up and in what order.

A spin is +1 or -1, so a field is a sum of couplings with signs. With couplings in fixed point,
``W = step Q`` with Q of 24 bits and ``step`` a power of two, the field ``T = s'Q`` is an exact sum
of 32-bit integers: it has the same bits for every kernel, block size, thread and device, where a
sum of floats has not. The error of a field is that of rounding the couplings: below 1e-6 of a
typical field, where a float32 product of 784 by 3000 couplings has 3e-7.
"""

from __future__ import annotations

import math
from typing import NamedTuple, cast

import numpy as np
import torch
from torch import Tensor, nn

from ebmbench.numerics.compiled import kept, njit
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.two_layer import Couplings, TwoLayer, is_factored

LARGEST_COUPLING = 127 * 256**2 + 127 * 256 + 127  # of three balanced digits of base 256
LARGEST_FIELD = 2**30  # one bit is left, so that two fields can be added
SAFE = 1 - 1e-9  # sums of sizes may differ in their last bits between devices
MAGNITUDE = np.int32(0x7FFFFFFF)  # all bits of a float32 but its sign
MOST = 100  # binary digits that a unit may be above or below 1


class FixedPoint(NamedTuple):
    """Couplings as integers, in units of ``step``.

    Attributes:
        W: (R, V, H) int32, at most 127 * (256^2 + 256 + 1).
        a: (R, V) int32; None where the model has no visible bias.
        b: (R, H) int32; None where the model has no hidden bias.
        step: (R,) float64, what one unit is worth, on the couplings' device.
    """

    W: Tensor
    a: Tensor | None
    b: Tensor | None
    step: Tensor

    def hidden_field(self, v: Tensor) -> Tensor:
        """v W + b in units of ``step``, (R, N, V) -> (R, N, H) float64, which holds it exactly."""
        return _plus(v.double() @ self.W.double(), self.b)

    def visible_field(self, h: Tensor) -> Tensor:
        """h W' + a in units of ``step``, (R, N, H) -> (R, N, V) float64."""
        return _plus(h.double() @ self.W.double().mT, self.a)

    def draw_hidden(self, v: Tensor, beta: float | Tensor, noise: Noise) -> Tensor:
        """h given v, (R, N, V) -> (R, N, H): half a Gibbs step, as all kernels draw it."""
        return noise.spins(self.hidden_field(v), beta, self.step, given=self.W.shape[1])

    def draw_visible(self, h: Tensor, beta: float | Tensor, noise: Noise) -> Tensor:
        """v given h, (R, N, H) -> (R, N, V): the other half."""
        return noise.spins(self.visible_field(h), beta, self.step, given=self.W.shape[2])


class RealCouplings(NamedTuple):
    """Couplings before they are rounded; the model's own are ``unit`` times these."""

    couplings: Couplings
    unit: float


@torch.no_grad()
def real_couplings(model: nn.Module) -> RealCouplings:
    """The couplings of a model that is a ``TwoLayer``, in float32, apart from autograd.

    Those of patterns are taken without their common factor 1/sqrt(K): of patterns that are spins
    they are integers, and exact in fixed point.
    """
    if is_factored(model):
        xi_v, xi_h, scale = model.factors()
        W = xi_v.detach().float().mT @ xi_h.detach().float()
        return RealCouplings(Couplings(W, None, None), scale)
    W, a, b = cast(TwoLayer, model).couplings()  # a kernel's supports() has looked
    biases = (None if bias is None else bias.detach().float().contiguous() for bias in (a, b))
    return RealCouplings(Couplings(W.detach().float().contiguous(), *biases), 1.0)


@torch.no_grad()
def units_per_one(couplings: Couplings) -> Tensor:
    """1 / step, (R,) float64: the finest power of two at which no sum overflows."""
    W, a, b = couplings
    bounds = _bounds_on_cpu(W) if W.device.type == "cpu" else _bounds(W)
    on_visible, on_hidden = _with_bias(bounds.rows, a), _with_bias(bounds.columns, b)
    rounding = max(W.shape[1:]) + 1.0  # what rounding may add to a field
    if W.device.type == "cpu":
        found = torch.empty(len(W), dtype=torch.float64)
        sums = (each.numpy() for each in (on_visible, on_hidden, bounds.largest, found))
        fill_units_per_one(*sums, rounding)
        return found
    largest_field = torch.maximum(on_hidden.amax(1), on_visible.amax(1))
    room = torch.minimum(
        LARGEST_COUPLING / bounds.largest, (LARGEST_FIELD - rounding) / largest_field
    )
    exponent = torch.floor(torch.log2(room * SAFE))
    return power_of_two(exponent.nan_to_num(0.0).clamp(-MOST, MOST))


@kept
@njit(nogil=True, error_model="numpy")
def fill_units_per_one(on_visible, on_hidden, largest, found, rounding):  # type: ignore[no-untyped-def]
    """The same of sums on the visible (R, V) and hidden units (R, H), into ``found`` (R,)."""
    for r in range(len(found)):
        field = max(on_visible[r].max(), on_hidden[r].max())
        room = min(LARGEST_COUPLING / largest[r], (LARGEST_FIELD - rounding) / field)
        exponent = 0  # where it is not known
        if room > 0.0:
            _, above = math.frexp(min(room, 2.0 ** (MOST + 1)) * SAFE)
            exponent = max(min(above - 1, MOST), -MOST)
        elif room == 0.0:
            exponent = -MOST
        found[r] = math.ldexp(1.0, exponent)


def power_of_two(exponent: Tensor) -> Tensor:
    """2^n for whole numbers n in float64, by the bits: exactly, on any device."""
    return (exponent.to(torch.int64) + 1023 << 52).view(torch.float64)


@torch.no_grad()
def to_fixed_point(model: nn.Module) -> FixedPoint:
    """The couplings of a model that is a ``TwoLayer``, rounded to fixed point."""
    couplings, unit = real_couplings(model)
    per_one = units_per_one(couplings)
    W, a, b = (
        None if part is None else rounded(part, per_one.view(-1, *[1] * (part.dim() - 1)))
        for part in couplings
    )
    assert W is not None
    return FixedPoint(W, a, b, unit / per_one)


def is_exact_from(v: Tensor) -> bool:
    """Whether all units are +1, -1 or 0, so that fields in fixed point are exact sums."""
    return bool(((v == 0) | (v.abs() == 1)).all())


@torch.no_grad()
def field_from_numbers(model: nn.Module, v: Tensor) -> Tensor:
    """v W + b of any numbers v (R, N, V) in float64, (R, N, H), which no fixed point makes exact.

    By patterns where the model has some. Its last bits depend on who adds up; a draw rounds it to
    float32 first, which hides nearly all of that.
    """
    if is_factored(model):
        xi_v, xi_h, scale = model.factors()
        return (scale * (v.double() @ xi_v.double().mT)) @ xi_h.double()
    W, _, b = cast(TwoLayer, model).couplings()  # a kernel's supports() has looked
    return _plus(v.double() @ W.double(), b)


class Bounds(NamedTuple):
    """Sums of |W| along rows (R, V) and columns (R, H), and its largest (R,); all float64."""

    rows: Tensor
    columns: Tensor
    largest: Tensor


def _bounds(W: Tensor) -> Bounds:
    size = W.abs()
    rows, columns = (size.sum(dim, dtype=torch.float64) for dim in (2, 1))
    return Bounds(rows, columns, size.amax((1, 2)).double())


def _bounds_on_cpu(W: Tensor) -> Bounds:
    """As ``_bounds``, in one pass over W."""
    R, V, H = W.shape
    bounds = Bounds(*(torch.zeros(shape, dtype=torch.float64) for shape in ((R, V), (R, H), R)))
    fill_bounds(W.numpy(), *(part.numpy() for part in bounds))
    return bounds


@kept
@njit(nogil=True)
def fill_bounds(W, rows, columns, largest):  # type: ignore[no-untyped-def]
    """Fill arrays of zeros with the sums of |W| along rows and columns, and its largest."""
    for r in range(len(W)):
        largest[r] = add_sizes(W[r], rows[r], columns[r])


@njit(nogil=True, fastmath={"reassoc", "nnan", "nsz"})  # the order of these sums does not matter
def add_sizes(W, rows, columns):  # type: ignore[no-untyped-def]
    """Fill ``rows`` (V,) with the sums of |W| (V, H), add those to ``columns`` (H,); the largest.

    Of numbers without a sign the larger is that whose bits are more as an integer.
    """
    most = np.zeros(1, np.int32)
    for i in range(len(W)):
        row, total, top = W[i], 0.0, most[0]
        bits = row.view(np.int32)
        for j in range(len(row)):
            size = np.float64(abs(row[j]))
            columns[j] += size
            total += size
            top = max(top, bits[j] & MAGNITUDE)
        rows[i], most[0] = total, top
    return most.view(np.float32)[0]


def rounded(coupling: Tensor, per_one: Tensor) -> Tensor:
    """The coupling in units of 1 / ``per_one``, rounded to the nearest, ties to even, int32.

    ``per_one`` is a power of two, so the product is exact and rounding is the only error.
    """
    return (coupling * per_one.to(coupling.dtype)).round().to(torch.int32)


def _with_bias(sums: Tensor, bias: Tensor | None) -> Tensor:
    return sums if bias is None else sums + bias.abs()


def _plus(field: Tensor, bias: Tensor | None) -> Tensor:
    return field if bias is None else field + bias.unsqueeze(1)
